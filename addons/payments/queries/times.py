"""How late money is: the hour of the cash day, the age of what is owed, and from when it may be given up."""

import datetime as dt

from sqlalchemy import ColumnElement

from addons.payments.models import CashDay, Receivable
from addons.payments.parameters import AGEING, CASH_DUE
from app.sdk.organisation import active_zone


def cash_due(day: dt.date) -> dt.datetime:
    """Return by when a day of a cash desk is to be handed in (S:RE-07)."""
    return dt.datetime.combine(day, dt.time.fromisoformat(CASH_DUE.value(day)), active_zone())


def cash_minutes_late(day: CashDay) -> int | None:
    """Return by how many minutes a cash day was handed in too late (S:RE-07); None for one that still runs."""
    if day.submitted_at is None:
        return None
    return max(0, int((day.submitted_at - cash_due(day.day)).total_seconds() // 60))


def counts_by(day: dt.date) -> ColumnElement[bool]:
    """Return the condition of the receivables that count by a day: what is dated later is not owed yet (S:PAY-09)."""
    return Receivable.doc_date <= day


def days_overdue(receivable: Receivable, *, on: dt.date) -> int:
    """Return for how many days a receivable has been due; below zero before its day (S:PAY-09)."""
    return (on - receivable.due_from(on)).days


def ages(on: dt.date) -> list[int]:
    """Return the days overdue that part the ages, rising (S:PAY-09)."""
    return [int(days) for days in AGEING.value(on)]


def age_limits(on: dt.date) -> list[dt.date]:
    """Return the last day due of each age but the oldest: that day, and so many days before (S:PAY-09)."""
    return [on, *(on - dt.timedelta(days=days) for days in ages(on))]


def age_of(receivable: Receivable, *, on: dt.date) -> int:
    """Return in which age a receivable is on a day (S:PAY-09): 0 not due, then 1 to 4, the oldest."""
    due = receivable.due_from(on)
    return sum(due < limit for limit in age_limits(on))
