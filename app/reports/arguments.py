"""From what was typed to what a report is run with, and back to words for the printed head."""

import datetime as dt
from collections.abc import Mapping

from flask_appbuilder.security.sqla.models import User

from app.reports.definition import Report
from app.reports.filters import ReportArguments


def read_arguments(
    report: Report, raw: Mapping[str, str], *, actor: User, today: dt.date, zone: dt.tzinfo, verb: str = "list"
) -> ReportArguments:
    """Return what was typed, parsed; the first input that breaks a rule raises ValidationError naming it."""
    values = {each.name: each.parse(raw, today=today, actor=actor) for each in report.filters}
    return ReportArguments(values=values, actor=actor, today=today, zone=zone, verb=verb)


def describe_arguments(report: Report, arguments: ReportArguments) -> str:
    """Return the filters that are set, in words: 'Day: 2026-03-02 · Consultant: Lin'."""
    asked = [(each, arguments[each.name]) for each in report.filters]
    words = [(each.label, each.word(value, actor=arguments.actor)) for each, value in asked if value is not None]
    return " · ".join(f"{label}: {word}" for label, word in words)
