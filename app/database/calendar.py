"""Days, weeks, months, quarters and years in SQL: the first local day of the span that a value falls into.

PostgreSQL counts by itself; SQLite, which knows no time zones, calls the same in Python (app/database/sqlite.py).
"""

import datetime as dt
from enum import StrEnum
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import FunctionElement


class Span(StrEnum):
    """A stretch of the calendar. A week begins on Monday."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class _FirstDay(FunctionElement[dt.date]):
    """first_day(value, span, zone): the date on which the span of a date or an instant begins."""

    name = "first_day"
    type = sa.Date()
    inherit_cache = True


@compiles(_FirstDay, "postgresql")
def _in_postgresql(element: _FirstDay, compiler: Any, **options: Any) -> str:
    value, span, zone = element.clauses
    wall: Any = sa.cast(value, sa.DateTime) if isinstance(value.type, sa.Date) else sa.func.timezone(zone, value)
    text: str = compiler.process(sa.cast(sa.func.date_trunc(span, wall), sa.Date), **options)
    return text


@compiles(_FirstDay, "sqlite")
def _in_sqlite(element: _FirstDay, compiler: Any, **options: Any) -> str:
    text: str = compiler.visit_function(element, **options)
    return text


def first_day(value: ColumnElement[Any], span: Span, zone: ZoneInfo) -> ColumnElement[dt.date]:
    """Return the SQL of the day on which the span of `value` begins; an instant is read on the wall clock of `zone`."""
    named = "" if isinstance(value.type, sa.Date) else zone.key
    return _FirstDay(value, sa.literal(span.value), sa.literal(named))


def first_day_of(day: dt.date, span: Span) -> dt.date:
    """Return the first day of the span that a day falls into."""
    match span:
        case Span.DAY:
            return day
        case Span.WEEK:
            return day - dt.timedelta(days=day.weekday())
        case Span.MONTH:
            return day.replace(day=1)
        case Span.QUARTER:
            return day.replace(month=day.month - (day.month - 1) % 3, day=1)
    return day.replace(month=1, day=1)


def last_day_of(day: dt.date, span: Span) -> dt.date:
    """Return the last day of the span that a day falls into."""
    first = first_day_of(day, span)
    if span in (Span.DAY, Span.WEEK):
        return first + dt.timedelta(days=0 if span is Span.DAY else 6)
    months = {Span.MONTH: 1, Span.QUARTER: 3, Span.YEAR: 12}[span]
    year, month = divmod(first.month - 1 + months, 12)
    return dt.date(first.year + year, month + 1, 1) - dt.timedelta(days=1)


@lru_cache(maxsize=20_000)
def first_day_of_text(value: str | None, span: str, zone: str) -> str | None:
    """Return the same for a date or an instant as SQLite keeps it: '2026-03-02', '2026-03-02 01:30:00.000000'."""
    if value is None:
        return None
    moment = dt.datetime.fromisoformat(value)
    if zone:
        moment = moment.replace(tzinfo=dt.UTC).astimezone(ZoneInfo(zone))
    return first_day_of(moment.date(), Span(span)).isoformat()
