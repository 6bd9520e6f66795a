"""The life of a reservation form."""

from addons.orders.choices import ReservationState as State
from addons.orders.models import Reservation
from app.sdk.i18n import _
from app.sdk.models import User
from app.sdk.workflow import Refusal, Transition, Workflow


def was_never_signed(reservation: Reservation, *, actor: User) -> Refusal | None:
    """Refuse to discard what was signed once: that is cancelled."""
    if reservation.number is None:
        return None
    return Refusal("reservation.signed_before", _("It was signed and has a number. Cancel it instead."))


def was_not_extended(reservation: Reservation, *, actor: User) -> Refusal | None:
    """Refuse a second extension."""
    if reservation.extended_at is None:
        return None
    return Refusal("reservation.extended", _("It was extended once already. Cancel it, or sign the contract."))


_WRITTEN = (State.DRAFT, State.AMENDING)
_CANCELLABLE = (State.DISCOUNT_PENDING, State.READY, State.SIGNED, State.DEPOSIT_PAID, State.AMENDING)
RESERVATION_WORKFLOW = Workflow(
    Reservation,
    Transition("make_ready", _WRITTEN, State.READY, _("Ready to sign"), icon="check", tone="primary"),
    Transition("sign", State.READY, State.SIGNED, _("Signed"), icon="pen-line", tone="primary"),
    Transition("open_discount", _WRITTEN, State.DISCOUNT_PENDING, _("Discount asked for"), automatic=True),
    Transition("close_discount", State.DISCOUNT_PENDING, State.READY, _("Discount decided"), automatic=True),
    Transition("note_deposit", State.SIGNED, State.DEPOSIT_PAID, _("Deposit paid"), automatic=True),
    Transition("miss_deposit", State.DEPOSIT_PAID, State.SIGNED, _("Deposit taken back"), automatic=True),
    Transition("make_order", (State.SIGNED, State.DEPOSIT_PAID), None, _("Make the order"), icon="package"),
    Transition("extend", State.DEPOSIT_PAID, None, _("Extend"), guard=was_not_extended, icon="calendar", tone="quiet"),
    Transition("amend", (State.SIGNED, State.DEPOSIT_PAID), State.AMENDING, _("Amend"), icon="pencil", tone="quiet"),
    Transition("contract", (State.SIGNED, State.DEPOSIT_PAID), State.CONTRACTED, _("Contracted"), automatic=True),
    Transition("call_off", State.CONTRACTED, State.CANCELLED, _("Called off"), automatic=True),
    Transition("expire", State.SIGNED, State.EXPIRED, _("Expired"), automatic=True),
    Transition(
        "discard",
        (State.DRAFT, State.READY),
        State.DISCARDED,
        _("Discard"),
        guard=was_never_signed,
        icon="trash-2",
        tone="danger",
    ),
    Transition("cancel", _CANCELLABLE, State.CANCELLED, _("Cancel"), icon="x", tone="danger"),
    main_path=(State.DRAFT, State.READY, State.SIGNED, State.DEPOSIT_PAID, State.CONTRACTED),
    terms=("gross", "deposit", "partner_id"),
)
