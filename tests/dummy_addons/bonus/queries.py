"""Reads of bonus."""

import datetime as dt
from typing import Any

from addons.bonus.models import BonusEntry
from addons.visits.api import list_confirmed
from app.sdk.database import select, session


def find_bonus(visit_id: int) -> BonusEntry | None:
    """Return the bonus of a visit, if it earned one."""
    return session.scalar(select(BonusEntry).where(BonusEntry.visit_id == visit_id))


def list_entries(visit_id: int) -> list[BonusEntry]:
    """Return the entries of one visit, for its tab."""
    return list(session.scalars(select(BonusEntry).where(BonusEntry.visit_id == visit_id)))


def amount_of(visit: Any) -> Any:
    """Return the amount as SQL, for a column of the visits list."""
    return select(BonusEntry.amount).where(BonusEntry.visit_id == visit.id).scalar_subquery()


def list_missed(since: dt.datetime) -> list[Any]:
    """Return the visits confirmed since then that earned nothing yet."""
    return [visit for visit in list_confirmed(since) if find_bonus(visit.id) is None]


def count_missed(since: dt.datetime) -> int:
    """Return how many visits bonus would catch up with."""
    return len(list_missed(since))
