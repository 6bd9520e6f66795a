"""Which days the company works: weekdays, but for holidays and days worked in exchange (调休)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.database.session import session
from app.errors import ValidationError
from app.i18n import _
from app.masterdata.choices import DayKind
from app.masterdata.models import CalendarDay

ONE_DAY = dt.timedelta(days=1)
LONGEST_SPAN = dt.timedelta(days=3660)
WORKED_WEEKDAYS = frozenset(range(5))  # Monday to Friday, unless an add-on's rota says otherwise.


@dataclass(frozen=True)
class WorkCalendar:
    """The exceptions of one company between two days, both included; pure."""

    first: dt.date
    last: dt.date
    exceptions: Mapping[dt.date, DayKind]

    def is_workday(self, day: dt.date) -> bool:
        """Tell whether a day is worked. Raises ValueError outside the calendar."""
        if not self.first <= day <= self.last:
            raise ValueError(f"{day} is outside {self.first} to {self.last}")
        kind = self.exceptions.get(day)
        return day.weekday() in WORKED_WEEKDAYS if kind is None else kind is DayKind.WORKDAY

    def count(self) -> int:
        """Return how many days are worked."""
        return sum(self.is_workday(self.first + ONE_DAY * days) for days in range((self.last - self.first).days + 1))


def calendar_between(first: dt.date, last: dt.date) -> WorkCalendar:
    """Return the active company's calendar of a span."""
    statement = select(CalendarDay.day, CalendarDay.kind).where(CalendarDay.day.between(first, last))
    return WorkCalendar(first, last, {day: kind for day, kind in session.execute(statement)})  # noqa: C416


def marked_days(first: dt.date, last: dt.date) -> Sequence[CalendarDay]:
    """Return the days of a span that are not what their weekday says, as the active company keeps them."""
    return session.scalars(select(CalendarDay).where(CalendarDay.day.between(first, last))).all()


def is_workday(day: dt.date) -> bool:
    """Tell whether the active company works on a day."""
    return calendar_between(day, day).is_workday(day)


def add_workdays(day: dt.date, count: int) -> dt.date:
    """Return the day that is `count` working days later; of nothing, the day itself or the next one worked.

    Raises ValidationError if the calendar has no such day within ten years.
    """
    calendar, found, left = calendar_between(day, day + LONGEST_SPAN), day, count
    while found < calendar.last:
        if calendar.is_workday(found) and left == 0:
            return found
        found += ONE_DAY
        if calendar.is_workday(found) and left > 0:
            left -= 1
    raise ValidationError(
        "calendar.no_workday", _("There are no %(count)s working days after %(day)s."), count=count, day=day
    )


def set_day(day: dt.date, *, kind: DayKind, name: str = "") -> CalendarDay:
    """Make a day a holiday or a day worked in exchange."""
    row = session.scalar(select(CalendarDay).where(CalendarDay.day == day)) or CalendarDay(day=day)
    row.kind, row.name = kind, name
    session.add(row)
    session.flush()
    return row


def clear_day(day: dt.date) -> None:
    """Let a day be what its weekday says again."""
    if (row := session.scalar(select(CalendarDay).where(CalendarDay.day == day))) is not None:
        session.delete(row)
        session.flush()
