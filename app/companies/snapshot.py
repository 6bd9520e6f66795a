"""What a process keeps of the database in memory, and the number in the database that tells when it is stale."""

import time
from collections.abc import Callable
from typing import Generic, TypeVar

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.engine import Connection

from app.companies.models import CacheVersion
from app.database.session import db
from app.database.upsert import update_or_insert

CHECK_EVERY = 1.0  # Seconds. The promise is that a change reaches every process within five.
Kept = TypeVar("Kept")


class Snapshot(Generic[Kept]):
    """Something read whole and never changed afterwards; its number tells whether it is stale."""

    def __init__(self, name: str, read: Callable[[Connection], Kept]) -> None:
        self._name, self._read = name, read
        # One attribute, replaced whole: threads never meet the number of one reading beside the content of another.
        self._kept: tuple[int | None, Kept] | None = None

    def get(self) -> Kept:
        """Return it, at most a second old."""
        # The number first: if somebody changes something in between, it is too old, and we read again.
        number, kept = _numbers().get(self._name), self._kept
        if kept is None or kept[0] != number:
            with db.engine.connect() as connection:
                kept = self._kept = (number, self._read(connection))
        return kept[1]

    def expire(self) -> None:
        """Read again at the next question: this process has just changed something itself."""
        self._kept = None
        _numbers().expire()


class _Numbers:
    """How often each thing that processes keep has changed: one cheap read a second, for all of them together."""

    _known: tuple[float, dict[str, int]] = (float("-inf"), {})  # Replaced whole, as above.

    def get(self, name: str) -> int | None:
        """Return the number, at most a second old; None before the first change."""
        read_at, numbers = self._known
        asked_at = time.monotonic()
        if asked_at - read_at >= CHECK_EVERY:
            # An own connection, not the request's session: it must see what others committed even when
            # this request's transaction began earlier.
            with db.engine.connect() as connection:
                rows = connection.execute(sa.select(CacheVersion.name, CacheVersion.number))
                numbers = {row.name: row.number for row in rows}
            self._known = (asked_at, numbers)
        return numbers.get(name)

    def expire(self) -> None:
        """Ask again at the next question."""
        self._known = (float("-inf"), {})


def _numbers() -> _Numbers:
    numbers: _Numbers = current_app.extensions.setdefault("snapshot_numbers", _Numbers())
    return numbers


def current_number(connection: Connection, name: str) -> int | None:
    """Return how often what this name stands for has changed; None before the first time."""
    return connection.scalar(sa.select(CacheVersion.number).where(CacheVersion.name == name))


def raise_number(connection: Connection, name: str) -> None:
    """Have every process read anew once this connection's transaction is committed; nobody else raises it till then."""
    # The increment happens in SQL, so that two changes at once cannot lose one.
    raised = sa.update(CacheVersion).where(CacheVersion.name == name).values(number=CacheVersion.number + 1)
    update_or_insert(connection, raised, sa.insert(CacheVersion).values(name=name, number=1))
