"""The time of the product under test: a story of certain days is told on these days."""

import datetime as dt
from collections.abc import Callable

import pytest

SHANGHAI = dt.timezone(dt.timedelta(hours=8))


class Clock:
    """Says what time it is; a test sets it."""

    def __init__(self) -> None:
        self.now = dt.datetime.now(dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.now

    def set(self, day: dt.date, clock: str) -> None:
        """Make it '14:00' of a day, on the wall clock of the office."""
        self.now = instant(day, clock)


def instant(day: dt.date, clock: str) -> dt.datetime:
    """Return '14:00' of a day on the wall clock of the office."""
    return dt.datetime.combine(day, dt.time.fromisoformat(clock), SHANGHAI).astimezone(dt.UTC)


def put_in_place(patch: pytest.MonkeyPatch, clock: Callable[[], dt.datetime]) -> None:
    """Have the product ask this clock for the time, wherever it has imported the one it asks otherwise."""
    from app.database import columns

    patch.setattr(columns, "told_time", clock, raising=False)
    patch.setattr(columns.utc_now, "__code__", _ask.__code__)


def _ask() -> dt.datetime:
    return told_time()  # type: ignore[name-defined,no-any-return]  # noqa: F821  # In the module whose function it becomes.
