"""What one page of a calendar spans: a month in whole weeks, a week, a day. Weeks begin on Monday."""

import datetime as dt
import enum
from dataclasses import dataclass

ONE_DAY = dt.timedelta(days=1)
WEEK = 7


class By(enum.StrEnum):
    """How much one page shows."""

    MONTH = "month"
    WEEK = "week"
    DAY = "day"


@dataclass(frozen=True)
class Leaf:
    """One page; `at` is the day that was asked for."""

    by: By
    at: dt.date

    @property
    def days(self) -> list[dt.date]:
        """The days shown, in their order."""
        if self.by is By.DAY:
            return [self.at]
        first, last = self.at, self.at
        if self.by is By.MONTH:
            first = self.at.replace(day=1)
            last = _month_later(first, 1) - ONE_DAY
        first -= ONE_DAY * first.weekday()
        last += ONE_DAY * (WEEK - 1 - last.weekday())
        return [first + ONE_DAY * number for number in range((last - first).days + 1)]

    @property
    def weeks(self) -> list[list[dt.date]]:
        """The same, week by week."""
        days = self.days
        return [days[start : start + WEEK] for start in range(0, len(days), WEEK)]

    def beside(self, steps: int) -> dt.date:
        """Return the day to ask for to see the pages after this one, or before it."""
        if self.by is By.MONTH:
            return _month_later(self.at.replace(day=1), steps)
        return self.at + ONE_DAY * steps * (WEEK if self.by is By.WEEK else 1)

    def holds(self, day: dt.date) -> bool:
        """Tell whether a day is of this page, and not of the month before or after that shares a week with it."""
        return self.by is not By.MONTH or (day.year, day.month) == (self.at.year, self.at.month)


def _month_later(first: dt.date, months: int) -> dt.date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return dt.date(year, month + 1, 1)
