"""The months that a rehearsal can be asked of: those that have begun, the last whole one by default."""

import datetime as dt
import re

from app.errors import Text, ValidationError
from app.i18n import _

OFFERED = 13  # This month, and a year before it.


def month_before(day: dt.date) -> dt.date:
    """Return the first day of the month before that of a day."""
    return (day.replace(day=1) - dt.timedelta(days=1)).replace(day=1)


def read_month(text: str, *, today: dt.date) -> tuple[dt.date, dt.date]:
    """Return the first and the last day of a month such as 2026-10, up to today; blank is last month.

    Raises ValidationError for no month, or one that has not begun (R4).
    """
    if not text.strip():
        return month_before(today), today.replace(day=1) - dt.timedelta(days=1)
    found = re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", text.strip())
    first = dt.date(int(found[1]), int(found[2]), 1) if found is not None and int(found[1]) else None
    if first is None or first > today:
        raise ValidationError(
            "month.wrong",
            _("Choose a month up to %(limit)s, such as %(example)s."),
            field="month",
            limit=f"{today:%Y-%m}",
            example=f"{month_before(today):%Y-%m}",
        )
    return first, min(_last_day(first), today)


def offered_months(today: dt.date) -> list[tuple[str, Text]]:
    """Return the months to choose from, the latest first, as they are sent and as they are read."""
    months = [today.replace(day=1)]
    while len(months) < OFFERED:
        months.append(month_before(months[-1]))
    return [(f"{month:%Y-%m}", f"{month:%Y-%m}") for month in months]


def _last_day(first: dt.date) -> dt.date:
    following = (first + dt.timedelta(days=31)).replace(day=1)
    return following - dt.timedelta(days=1)
