"""Keeping a report run, and setting figures made by hand beside it (S:CORE-23)."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import sqlalchemy as sa
from flask import current_app
from flask_babel import force_locale, gettext

from app.database.session import session
from app.errors import Conflict, ValidationError
from app.i18n import _
from app.parameters.platform_values import DUAL_TRACK, IN_TRIAL, ON_IN_TRIAL
from app.reports import Period, Report, ReportArguments, ReportColumn, describe_arguments, list_rows, seen_by
from app.reports import sum_columns as totals_of
from app.reports.cells import cell_text
from app.statistics.models import Comparison, Outcome, ReportRun
from app.statistics.models.comparison import LONGEST_ITEM
from app.statistics.models.report_run import LONGEST_PERIOD, LONGEST_QUERY, LONGEST_TITLE

MOST_ROWS = 500
MOST = Decimal(10) ** 12
_SIX_PLACES = Decimal("0.000001")


def is_dual_track(on: dt.date) -> bool:
    """Tell whether the company compares on this day: always, never, or while it is on trial."""
    decided = DUAL_TRACK.value(on)
    return IN_TRIAL.value(on) if decided == ON_IN_TRIAL else decided == "on"


def require_dual_track(on: dt.date) -> None:
    """Raise Conflict while the company does not compare, naming the policy values that say so (R2)."""
    if not is_dual_track(on):
        raise Conflict(
            "dual_track.off",
            _("Figures are compared while “%(trial)s” is yes, or “%(dual)s” is on."),
            trial=IN_TRIAL.label,
            dual=DUAL_TRACK.label,
        )


def keep_run(report: Report, arguments: ReportArguments, *, query: str, now: dt.datetime) -> ReportRun:
    """Keep a report as it is now, with every number of every row as a figure to compare; return the run.

    Of an earlier run of the same report, filters and period the manual figures are taken over: only what the system
    says has been counted anew. Raises Conflict outside a trial, ValidationError for a report without numbers, with
    more than 500 rows, or with a number of more than twelve digits.
    """
    require_dual_track(arguments.today)
    with force_locale(current_app.config["BABEL_DEFAULT_LOCALE"]):  # Or a run in another language would be another.
        return _keep(report, arguments, query=query, now=now)


def _keep(report: Report, arguments: ReportArguments, *, query: str, now: dt.datetime) -> ReportRun:
    seen = seen_by(report, arguments)
    run = ReportRun(
        report=report.name,
        title=str(report.title)[:LONGEST_TITLE],
        period=period_of(report, arguments)[:LONGEST_PERIOD],
        asked=describe_arguments(seen, arguments)[:400],
        query=query[:LONGEST_QUERY],
        ran_at=now,
    )
    before = _replace_earlier(run)
    session.add(run)
    session.flush()
    for position, (item, column, value) in enumerate(_figures(seen, arguments)):
        made = Comparison(
            run_id=run.id,
            position=position,
            item=item,
            measure=column.name,
            figure=str(column.label)[:80],
            automatic=value,
        )
        earlier = before.get((item, column.name))
        compare(made, earlier.manual if earlier else None)
        made.note = earlier.note if earlier else None
        session.add(made)
    session.flush()
    return run


def record_manual(comparison: Comparison, *, on: dt.date, manual: Decimal | None, note: str | None) -> None:
    """Set the manual figure beside the automatic one, or take it away, and say why they differ.

    Raises Conflict outside a trial, and for a run that a later one has replaced (R2).
    """
    require_dual_track(on)
    if not comparison.run.is_latest:
        raise Conflict("dual_track.replaced", _("A later run of this report has replaced this one. Compare there."))
    compare(comparison, manual)
    comparison.note = note
    session.flush()


def compare(comparison: Comparison, manual: Decimal | None) -> None:
    """Write down the difference, automatic less manual, and its share of the manual figure, half-up to six places."""
    comparison.manual = manual
    comparison.difference = comparison.share = None
    comparison.outcome = Outcome.WAITING
    if manual is None:
        return
    comparison.difference = comparison.automatic - manual
    if manual and abs(comparison.difference / manual) < MOST:
        comparison.share = (comparison.difference / manual).quantize(_SIX_PLACES, ROUND_HALF_UP)
    comparison.outcome = Outcome.DIFFERENT if comparison.difference else Outcome.EQUAL


def period_of(report: Report, arguments: ReportArguments) -> str:
    """Return which period a run is about: the report's own, its day, or the month in which it was asked."""
    values = [arguments[each.name] for each in report.filters if each.kind in ("period", "date")]
    asked = next((value for value in values if value is not None), None)
    if isinstance(asked, Period):
        first, after = asked.start, asked.end + dt.timedelta(days=1)
        is_month = first.day == 1 and after.day == 1 and (after - first).days <= 31
        return f"{first:%Y-%m}" if is_month else str(asked)
    return f"{asked or arguments.today:{'%Y-%m-%d' if asked else '%Y-%m'}}"


def _replace_earlier(run: ReportRun) -> dict[tuple[str, str], Comparison]:
    """Take the place of the latest run of the same question; return its figures by item and column."""
    same = sa.select(ReportRun).filter_by(report=run.report, period=run.period, asked=run.asked, is_latest=True)
    found: dict[tuple[str, str], Comparison] = {}
    for earlier in session.scalars(same).all():
        earlier.is_latest = False
        figures = session.scalars(sa.select(Comparison).filter_by(run_id=earlier.id))
        found.update({(one.item, one.measure): one for one in figures})
    return found


def _figures(report: Report, arguments: ReportArguments) -> Iterator[tuple[str, ReportColumn, Decimal]]:
    """Yield each item with each of its numbers, and the totals last. Names of people stay out of the items."""
    numbers = [place for place, one in enumerate(report.columns) if one.is_number and not one.personal]
    heads = [place for place, one in enumerate(report.columns) if not one.is_number and not one.personal]
    if not numbers:
        raise ValidationError("dual_track.numbers", _("This report has no numbers to compare."))
    rows = list_rows(report, arguments, limit=MOST_ROWS + 1)
    if len(rows) > MOST_ROWS:
        message = _("At most %(limit)s rows can be compared. Narrow the filters.")
        raise ValidationError("dual_track.rows", message, limit=MOST_ROWS)
    words = [cell_text(one, arguments.zone) for one in report.columns]
    known: Counter[str] = Counter()
    for row in rows:
        item = " · ".join(text for place in heads if (text := words[place](row[place])))[: LONGEST_ITEM - 8]
        item = item or str(report.title)
        known[item] += 1
        named = item if known[item] == 1 else f"{item} ({known[item]})"
        yield from ((named, report.columns[place], _number(row[place])) for place in numbers)
    if len(rows) > 1:
        yield from _totals(report, totals_of(report, arguments))


def _totals(report: Report, totals: dict[str, Any]) -> Iterator[tuple[str, ReportColumn, Decimal]]:
    columns: Sequence[ReportColumn] = [one for one in report.columns if one.name in totals and not one.personal]
    yield from ((f"= {gettext('Total')}", one, _number(totals[one.name])) for one in columns)


def _number(value: Any) -> Decimal:
    """Return a figure as it is compared; a blank is nothing. Raises ValidationError for what cannot be kept exactly."""
    number = Decimal(str(value)) if value is not None else Decimal(0)
    if not number.is_finite() or abs(number) >= MOST:
        raise ValidationError("dual_track.large", _("A figure must be below %(limit)s."), limit=f"{MOST:,}")
    return number.quantize(_SIX_PLACES, ROUND_HALF_UP)
