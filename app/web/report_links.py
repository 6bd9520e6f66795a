"""Where the rows of a report lead: to the record that a row is about, or to the list behind a figure of it."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import url_for

from app.crud.conditions import filter_key
from app.crud.list_page import filters_for
from app.crud.view import view_of
from app.reports import Report, ReportArguments
from app.security.roles import acting_user, may


def record_links(report: Report, keys: Sequence[Any]) -> list[str | None]:
    """Return the address of the record that each row is about, where it is about one and the reader has a page."""
    if report.opens_in:
        return [_record_link(resource, key) for resource, key in keys]
    view = view_of(report.resource)
    if view is None or not report.opens or not may(acting_user(), "show", report.resource):
        return [None] * len(keys)
    before = url_for(f"{view.endpoint}.show", pk=0).removesuffix("0")
    return [f"{before}{key}" if key is not None else None for key in keys]


def lists_behind(report: Report, arguments: ReportArguments, key: Any) -> Mapping[str, str]:
    """Return by column the address of the list behind a row's figure, where the reader can filter it like that."""
    view = view_of(report.resource)
    if view is None or report.drill_down is None:
        return {}
    known = {column.name: column for column in filters_for(view, acting_user())}
    address = url_for(f"{view.endpoint}.list")
    return {
        name: f"{address}?{urlencode([(filter_key(known[field], how), str(value)) for field, how, value in asked])}"
        for name, asked in report.drill_down.filters(arguments, key).items()
        if all(field in known for field, _how, _value in asked)
    }


def _record_link(resource: str, key: Any) -> str | None:
    view = view_of(resource)
    if key is None or view is None or "show" not in view.verbs or not may(acting_user(), "show", resource):
        return None
    return url_for(f"{view.endpoint}.show", pk=key)
