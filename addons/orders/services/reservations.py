"""Reservation forms: written, made ready, signed, amended, ended (P:ORD-01 to P:ORD-03)."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from addons.orders.choices import ReservationState
from addons.orders.events import ReservationEnded, ReservationSigned
from addons.orders.masterdata import RESERVATION_NUMBERS
from addons.orders.models import Reservation
from addons.orders.parameters import DEPOSIT_FIXED, DEPOSIT_SOURCE, RESERVATION_DAYS
from addons.orders.queries import RESERVATION, list_lapsed, words
from addons.orders.services.deals import enter_deal
from addons.orders.services.deposits import ask_deposit, follow_deposit, withdraw_deposit
from addons.orders.services.holding import hold_items, let_go
from addons.orders.services.lines import change_lines, drop_approvals, price_lines, refuse_free_prices
from addons.orders.services.versions import keep_version
from addons.orders.workflow import RESERVATION_WORKFLOW
from app.sdk.database import session, set_lines, utc_now
from app.sdk.documents import DocumentRef, LinkKind, hand_on_items, link_documents, ref_of, release_items
from app.sdk.errors import Conflict, ValidationError
from app.sdk.events import publish
from app.sdk.i18n import _, humanize
from app.sdk.masterdata import Partner, draw_number
from app.sdk.models import User
from app.sdk.organisation import legal_entity_of, local_day, owner_and_unit

_WRITABLE = (ReservationState.DRAFT, ReservationState.AMENDING)


def create_reservation(
    *, actor: User, now: dt.datetime | None = None, lines: list[dict[str, Any]] | None = None, **values: Any
) -> Reservation:
    """Write a reservation form; a blank deposit is the company's usual one, blank prices are list prices.

    Raises ValidationError for what `price_lines` refuses, and a deposit that is not above zero or above the total (R4).
    """
    moment = now or utc_now()
    today = local_day(moment)
    given = {name: value for name, value in values.items() if value is not None}
    reservation = Reservation(
        **{"doc_date": today, "state": ReservationState.DRAFT, "revision": 0, **given}, created_by_id=actor.id
    )
    employee, reservation.org_unit_id = owner_and_unit(actor, on=reservation.doc_date)
    if reservation.owner_id is None:
        reservation.owner_id = employee.id if employee else None
    with session.no_autoflush:
        set_lines(reservation, "lines", lines or [])
        _check(reservation)
    session.add(reservation)
    session.flush()
    enter_deal(reservation, RESERVATION, now=moment)
    return reservation


def update_reservation(
    reservation: Reservation, *, actor: User, lines: list[dict[str, Any]] | None = None, **values: Any
) -> None:
    """Change a draft, or a form that is being amended; another line or customer needs its approval anew (P:PRI-02).

    Raises Conflict for any other (R2).
    """
    if reservation.state not in _WRITABLE:
        raise Conflict("reservation.fixed", _("It is not a draft any more. A signed form is amended, with a reason."))
    if values.get("partner_id", reservation.partner_id) != reservation.partner_id:
        _refuse_other_customer(reservation)
        drop_approvals(reservation.lines)
    for name, value in values.items():
        setattr(reservation, name, value)
    if lines is not None:
        change_lines(reservation, lines)
    with session.no_autoflush:
        _check(reservation)
    session.flush()


@RESERVATION_WORKFLOW.transition("make_ready")
def make_reservation_ready(reservation: Reservation, *, actor: User) -> None:
    """Declare a form complete. Raises NotAllowed for a price that was neither listed nor approved (P:PRI-02)."""
    _check(reservation)
    refuse_free_prices(reservation.lines, on=reservation.doc_date)


@RESERVATION_WORKFLOW.transition("sign")
def sign_reservation(reservation: Reservation, *, actor: User, now: dt.datetime) -> None:
    """Note that the customer signed: items are held, the deposit is asked for, the time begins to run (P:ORD-01, 02).

    Raises Conflict where somebody else holds an item (R2).
    """
    today = local_day(now)
    reservation.signed_at, reservation.partner_name = now, reservation.partner.name
    if reservation.number is None:
        reservation.posted_at, reservation.period = now, f"{today:%Y-%m}"
        reservation.valid_until = today + dt.timedelta(days=RESERVATION_DAYS.value(today))
        entity = legal_entity_of(reservation.org_unit_id)
        reservation.legal_entity_id = entity.id if entity else None
        reservation.number = draw_number(RESERVATION_NUMBERS, legal_entity_id=reservation.legal_entity_id, on=today)
        session.flush()
    let_go(reservation, RESERVATION, now=now)
    hold_items(reservation, RESERVATION, now=now)
    ask_deposit(reservation, actor=actor, now=now)
    publish(
        ReservationSigned(
            company_id=reservation.company_id,
            reservation_id=reservation.id,
            partner_id=reservation.partner_id,
            revision=reservation.revision,
        )
    )
    follow_deposit(reservation)


@RESERVATION_WORKFLOW.transition("open_discount")
def open_discount(reservation: Reservation, *, actor: User) -> None:
    """Let a form wait for a discount that was asked for; the discount request calls it (P:PRI-03)."""


def grant_prices(reservation: Reservation, *, actor: User | None, prices: Mapping[int, Decimal]) -> None:
    """Take over what was decided on a discount: the approved unit price of each line, by its id.

    A line that is not named goes back to the list price. The discount request calls it; the form is ready to be
    signed then (P:PRI-07).
    """
    for line in reservation.lines:
        line.approved_price = prices.get(line.id)
        line.unit_price = line.set_price if line.set_price is not None else line.unit_price
    _check(reservation)
    close_discount(reservation, actor=actor)


@RESERVATION_WORKFLOW.transition("close_discount")
def close_discount(reservation: Reservation, *, actor: User | None) -> None:
    """Note that a discount was decided; `grant_prices` calls it."""


@RESERVATION_WORKFLOW.transition("amend")
def amend_reservation(reservation: Reservation, *, actor: User, reason: str) -> None:
    """Open a signed form again: what was signed is kept as a version, the deposit stays (P:ORD-03)."""
    keep_version(reservation, reason=reason)
    reservation.revision += 1


@RESERVATION_WORKFLOW.transition("extend")
def extend_reservation(reservation: Reservation, *, actor: User, until: dt.date, now: dt.datetime) -> None:
    """Prolong a reservation with a paid deposit, once. Raises ValidationError for a day that does not prolong it."""
    if reservation.valid_until is not None and until <= reservation.valid_until:
        raise ValidationError(
            "reservation.until", _("The new day lies after %(limit)s."), field="until", limit=reservation.valid_until
        )
    reservation.valid_until, reservation.extended_at = until, now


@RESERVATION_WORKFLOW.transition("discard")
def discard_reservation(reservation: Reservation, *, actor: User) -> None:
    """Throw a form away that nobody signed."""


@RESERVATION_WORKFLOW.transition("cancel")
def cancel_reservation(reservation: Reservation, *, actor: User, reason: str, now: dt.datetime) -> None:
    """End a live reservation. Raises Conflict until a paid deposit was refunded, forfeited or transferred."""
    _end(reservation, actor=actor, now=now)


@RESERVATION_WORKFLOW.transition("expire")
def expire_reservation(reservation: Reservation, *, actor: User | None, now: dt.datetime) -> None:
    """End a reservation whose time is over and on which no deposit was paid; a job calls it."""
    _end(reservation, actor=actor, now=now)


def contract_reservation(reservation: Reservation, *, by: DocumentRef, actor: User | None, now: dt.datetime) -> None:
    """Let a contract or an order take over from a reservation, its items with it; it links the two.

    Raises Conflict for a reservation that is not signed (R2).
    """
    _contract(reservation, actor=actor)
    ref = ref_of(reservation, RESERVATION)
    hand_on_items(ref, to=by, now=now)
    link_documents(ref, by, kind=LinkKind.SETTLES, amount=reservation.gross)


@RESERVATION_WORKFLOW.transition("call_off")
def call_off_reservation(reservation: Reservation, *, actor: User, now: dt.datetime) -> None:
    """End a reservation with the order that took it over (S:ORD-12).

    Raises Conflict until a paid deposit was refunded, forfeited or transferred.
    """
    _end(reservation, actor=actor, now=now)


@RESERVATION_WORKFLOW.transition("contract")
def _contract(reservation: Reservation, *, actor: User | None) -> None:
    """Note that the reservation has served its purpose."""


def _end(reservation: Reservation, *, actor: User | None, now: dt.datetime) -> None:
    withdraw_deposit(reservation, actor=actor, now=now)
    release_items(ref_of(reservation, RESERVATION), now=now)
    publish(
        ReservationEnded(
            company_id=reservation.company_id,
            reservation_id=reservation.id,
            partner_id=reservation.partner_id,
            state=reservation.state.value,
        )
    )


def _refuse_other_customer(reservation: Reservation) -> None:
    if reservation.number is not None:
        raise Conflict(
            "reservation.partner",
            _("The customer of a signed form stays. Cancel it and write another."),
            field="partner_id",
        )


def _check(reservation: Reservation) -> None:
    if reservation.partner_id is None:
        raise ValidationError(
            "reservation.partner", _("%(label)s is required."), field="partner_id", label=_(humanize("customer"))
        )
    partner = session.get_one(Partner, reservation.partner_id)
    reservation.partner_name = partner.name
    price_lines(reservation, on=reservation.doc_date)
    if reservation.deposit is None:
        reservation.deposit = DEPOSIT_FIXED.value(reservation.doc_date)
    if reservation.deposit <= 0 and DEPOSIT_SOURCE.value(reservation.doc_date) == "reservation":
        raise ValidationError(
            "reservation.deposit", _("The deposit must be above %(limit)s."), field="deposit", limit="0.00"
        )
    if reservation.deposit > reservation.gross:
        raise ValidationError(
            "reservation.deposit_above",
            _("The deposit is at most the total of %(limit)s."),
            field="deposit",
            limit=words(reservation.gross),
        )
    if reservation.deposit_due_on is None:
        reservation.deposit_due_on = reservation.doc_date
    if reservation.deposit_due_on < reservation.doc_date:
        raise ValidationError(
            "reservation.due",
            _("The deposit is not due before %(limit)s."),
            field="deposit_due_on",
            limit=reservation.doc_date,
        )


def expire_lapsed(now: dt.datetime | None = None) -> int:
    """End every reservation whose time is over and on which no deposit was paid; return how many there were."""
    moment = now or utc_now()
    lapsed = list_lapsed(local_day(moment))
    for reservation in lapsed:
        expire_reservation(reservation, actor=None, now=moment)
    return len(lapsed)
