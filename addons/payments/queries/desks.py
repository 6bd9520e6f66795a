"""Reads of cash desks: their days and shifts, and what should be in them by what was counted last."""

import datetime as dt
from decimal import Decimal

from addons.payments.choices import CashDayState, ShiftState
from addons.payments.models import CashDay, Shift
from addons.payments.queries.ledger import cash_of
from app.sdk.database import Select, select, session


def find_open_shift(place_id: int) -> Shift | None:
    """Return the shift that runs at a desk."""
    return session.scalar(select(Shift).where(Shift.place_id == place_id, Shift.state == ShiftState.OPEN))


def find_open_day(place_id: int, *, before: dt.date) -> CashDay | None:
    """Return the first day of a desk before another that is not handed in."""
    statement = select(CashDay).where(CashDay.state == CashDayState.OPEN, CashDay.day < before)
    return session.scalar(statement.where(CashDay.place_id == place_id).order_by(CashDay.day).limit(1))


def find_handed_in(place_id: int, *, after: dt.date) -> CashDay | None:
    """Return the last day of a desk after another that is handed in."""
    return session.scalar(_handed_in(place_id).where(CashDay.day > after))


def opening_of(day: CashDay) -> Decimal:
    """Return what a day begins with: what was counted the day before, or what the ledger says of the first one."""
    last: CashDay | None = session.scalar(_handed_in(day.place_id).where(CashDay.day < day.day))
    if last is None or last.counted is None:
        return cash_of(day.place_id, before=day.day)
    return last.counted


def desk_holds(place_id: int) -> Decimal:
    """Return what should be in a desk: what was counted last, and what came and went since (S:R-26)."""
    shift: Shift | None = session.scalar(
        select(Shift)
        .where(Shift.place_id == place_id, Shift.state == ShiftState.HANDED_OVER)
        .order_by(Shift.closed_at.desc(), Shift.id.desc())
        .limit(1)
    )
    day: CashDay | None = session.scalar(_handed_in(place_id))
    if shift is not None and shift.counted is not None and not _is_later(day, shift):
        return shift.counted + cash_of(place_id, since=shift.closed_at)
    if day is not None and day.counted is not None:
        return day.counted + cash_of(place_id) - cash_of(place_id, before=day.day + dt.timedelta(days=1))
    return cash_of(place_id)


def _is_later(day: CashDay | None, shift: Shift) -> bool:
    if day is None or day.submitted_at is None or shift.closed_at is None:
        return False
    return day.submitted_at > shift.closed_at


def _handed_in(place_id: int) -> Select[CashDay]:
    statement = select(CashDay).where(CashDay.place_id == place_id, CashDay.state != CashDayState.OPEN)
    return statement.order_by(CashDay.day.desc()).limit(1)
