"""The deposit of a reservation: asked for, followed, and given up (P:ORD-02)."""

import datetime as dt

from addons.orders.choices import ReservationState
from addons.orders.events import DepositPaid
from addons.orders.models import Reservation
from addons.orders.queries import RESERVATION, find_reservation
from addons.orders.workflow import RESERVATION_WORKFLOW
from addons.payments.api import (
    Claim,
    ReceivableKind,
    ReceivableState,
    find_receivables_of,
    list_sources,
    lower_due,
    open_receivable,
    paid_and_due,
    rebase_deposits,
    withdraw_receivable,
)
from app.sdk.documents import ref_of
from app.sdk.events import publish
from app.sdk.models import User

_LIVE = (ReceivableState.OPEN, ReceivableState.SETTLED)


def ask_deposit(reservation: Reservation, *, actor: User, now: dt.datetime) -> None:
    """Have finance take the deposit; what was paid before an amendment stays and counts (P:ORD-03).

    What nobody has paid on is asked for anew. Else the difference is asked for, or no longer asked for, and what was
    paid is split by the amended total. Raises ValidationError for a deposit below the company's least one (R4).
    """
    source = ref_of(reservation, RESERVATION)
    asked = [one for one in find_receivables_of(source) if one.state in _LIVE]
    if not any(one.settled > 0 for one in asked):
        for one in asked:
            withdraw_receivable(one, actor=actor, now=now)
        asked = []
    rebase_deposits(source, reservation.gross)
    missing = reservation.deposit - sum((one.amount - one.waived for one in asked), start=reservation.deposit * 0)
    if missing > 0:
        claim = Claim(
            source=source,
            partner_id=reservation.partner_id,
            kind=ReceivableKind.DEPOSIT,
            amount=missing,
            base_amount=reservation.gross,
            due_on=reservation.deposit_due_on,
            owner_id=reservation.owner_id,
            org_unit_id=reservation.org_unit_id,
        )
        open_receivable(claim, actor=actor, now=now)
    elif missing < 0:
        lower_due([source], -missing, actor=actor, now=now)


def follow_receipt(receipt_id: int) -> None:
    """Bring the reservations that a receipt's money was used for up to date."""
    for source in list_sources(receipt_id):
        reservation = find_reservation(source)
        if reservation is not None:
            follow_deposit(reservation)


def follow_deposit(reservation: Reservation) -> None:
    """Bring the state in line with what was paid; a form that is being amended waits until it is signed again."""
    paid, _due = paid_and_due(ref_of(reservation, RESERVATION))
    is_paid = paid >= reservation.deposit
    if is_paid and reservation.state is ReservationState.SIGNED:
        note_deposit(reservation, actor=None)
    elif not is_paid and reservation.state is ReservationState.DEPOSIT_PAID:
        miss_deposit(reservation, actor=None)


def withdraw_deposit(reservation: Reservation, *, actor: User | None, now: dt.datetime) -> None:
    """Ask for nothing any more. Raises Conflict while money is kept for the reservation."""
    for one in find_receivables_of(ref_of(reservation, RESERVATION)):
        withdraw_receivable(one, actor=actor, now=now)


@RESERVATION_WORKFLOW.transition("note_deposit")
def note_deposit(reservation: Reservation, *, actor: User | None) -> None:
    """Note that the deposit is paid, and announce it."""
    publish(
        DepositPaid(company_id=reservation.company_id, reservation_id=reservation.id, partner_id=reservation.partner_id)
    )


@RESERVATION_WORKFLOW.transition("miss_deposit")
def miss_deposit(reservation: Reservation, *, actor: User | None) -> None:
    """Note that the money was taken back: its receipt was made void, or it was refunded."""
