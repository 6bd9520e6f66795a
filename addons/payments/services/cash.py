"""Cash desks: the day that is counted and locked, and the shift that is handed over (S:RE-07, S:R-26)."""

import datetime as dt
from decimal import Decimal
from typing import Any

from addons.payments.choices import PlaceKind, ShiftState
from addons.payments.models import CashDay, Place, Shift
from addons.payments.queries import (
    ZERO,
    cash_minutes_late,
    cash_moves,
    cash_of,
    desk_holds,
    find_handed_in,
    find_open_day,
    find_open_shift,
    opening_of,
    owner_and_unit,
)
from addons.payments.workflow import CASH_DAY_WORKFLOW, SHIFT_WORKFLOW
from app.sdk.database import lock_rows, session, utc_now
from app.sdk.errors import Conflict, NotFound, Text, ValidationError
from app.sdk.i18n import _
from app.sdk.masterdata import clean_text, parse_decimal
from app.sdk.models import Employee, User
from app.sdk.organisation import active_zone
from app.sdk.workflow import Amount


@CASH_DAY_WORKFLOW.transition("submit")
def submit_cash_day(
    day: CashDay, *, actor: User, counted: Amount, now: dt.datetime, explanation: str | None = None
) -> None:
    """Hand the day in with what was counted: nothing more is posted on it, or before it.

    It begins with what was counted last, so that a difference is explained once. Raises Conflict while an earlier day
    is open (R2), ValidationError for a difference that nobody explains (R1).
    """
    _refuse_out_of_order(find_open_day(day.place_id, before=day.day), _("The cash day %(day)s is handed in first."))
    day.opening = opening_of(day)
    day.taken_in, day.paid_out = cash_moves(day.place_id, day.day)
    day.counted = counted
    day.difference = _difference(counted, day.opening + day.taken_in - day.paid_out, explanation)
    day.explanation = clean_text(explanation)
    day.submitted_at = now
    day.minutes_late = cash_minutes_late(day)
    session.flush()


@CASH_DAY_WORKFLOW.transition("reconcile")
def reconcile_cash_day(day: CashDay, *, actor: User) -> None:
    """Lock the day after the accountant has compared it with the books (S:RE-08)."""


@CASH_DAY_WORKFLOW.transition("give_back")
def give_back_cash_day(day: CashDay, *, actor: User, reason: str) -> None:
    """Give a day back to the cashier; the log keeps the reason. Raises Conflict for one that later days rest on."""
    _refuse_out_of_order(
        find_handed_in(day.place_id, after=day.day), _("The cash day %(day)s rests on it: return that one first.")
    )


def open_shift(*, actor: User, place_id: int, opening: Decimal | None = None, now: dt.datetime | None = None) -> Shift:
    """Begin a shift with what was counted last and came and went since; the opening count, if given, must agree.

    Raises NotFound for a place that is no cash desk, Conflict while another shift is open at it (R2), ValidationError
    for another count (R4).
    """
    place = session.get(Place, place_id)
    if place is None or place.kind is not PlaceKind.CASH_DESK:
        raise NotFound("shift.place", _("There is no such cash desk."), field="place_id")
    lock_rows(place)  # Two cashiers may come to one desk at the same moment: only one of them answers for its cash.
    running = find_open_shift(place_id)
    if running is not None:
        raise Conflict(
            "shift.running", _("%(name)s still has a shift at this desk."), field="place_id", name=running.owner or ""
        )
    moment = now or utc_now()
    expected = desk_holds(place_id)
    if opening is not None and opening != expected:
        raise ValidationError(
            "shift.opening", _("There should be %(limit)s."), field="opening", limit=f"{expected:,.2f}"
        )
    employee, unit_id = owner_and_unit(actor, on=moment.astimezone(active_zone()).date())
    shift = Shift(
        place_id=place_id,
        state=ShiftState.OPEN,
        opened_at=moment,
        opening=expected,
        owner_id=employee.id if employee else None,
        org_unit_id=unit_id,
    )
    session.add(shift)
    session.flush()
    return shift


def update_shift(shift: Shift, *, actor: User, **values: Any) -> None:
    """Refuse changes: a shift is what was counted. Only custom fields are taken."""
    if set(values) - {"custom"}:
        raise Conflict("shift.fixed", _("A shift is not changed; hand it over."))
    shift.custom = values.get("custom", shift.custom)
    session.flush()


@SHIFT_WORKFLOW.transition("hand_over")
def hand_over(
    shift: Shift, *, actor: User, counted: Amount, receiver: Employee, now: dt.datetime, explanation: str | None = None
) -> None:
    """Count the desk and hand it to a colleague; the difference stands for good (S:R-26).

    Raises ValidationError for a difference that nobody explains (R1), and for a hand-over to oneself.
    """
    if receiver.id == shift.owner_id:
        raise ValidationError("shift.self", _("A shift is handed to a colleague."), field="receiver")
    shift.expected = shift.opening + cash_of(shift.place_id, since=shift.opened_at)
    shift.counted = counted
    shift.difference = _difference(counted, shift.expected, explanation)
    shift.explanation = clean_text(explanation)
    shift.receiver_id, shift.closed_at = receiver.id, now
    session.flush()


def _refuse_out_of_order(other: CashDay | None, message: Text) -> None:
    if other is not None:
        raise Conflict("cash_day.order", message, day=other.day)


def _difference(counted: Decimal, expected: Decimal, explanation: str | None) -> Decimal:
    parse_decimal(counted, field="counted", places=2)
    if counted < ZERO:
        raise ValidationError(
            "cash.counted", _("The count must not be below %(limit)s."), field="counted", limit="0.00"
        )
    difference = counted - expected
    if difference and clean_text(explanation) is None:
        raise ValidationError(
            "cash.difference",
            _("There should be %(limit)s, a difference of %(difference)s: explain it."),
            field="explanation",
            limit=f"{expected:,.2f}",
            difference=f"{difference:+,.2f}",
        )
    return difference
