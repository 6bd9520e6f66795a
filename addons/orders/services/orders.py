"""Sales orders: written, submitted, audited twice, confirmed, released (P:ORD-05, S:ORD-02, S:ORD-21)."""

import datetime as dt
from decimal import Decimal
from typing import Any

from addons.orders.choices import OrderState, PaymentMethod
from addons.orders.events import OrderAudited, OrderCancelled, OrderConfirmed, OrderReleased
from addons.orders.masterdata import ORDER_NUMBERS
from addons.orders.models import Order, Reservation
from addons.orders.queries import ORDER, RESERVATION, ZERO, find_live_order_of, words
from addons.orders.services.lines import copy_of, price_lines, refuse_free_prices
from addons.orders.services.reservations import contract_reservation
from addons.orders.workflow import ORDER_WORKFLOW, RESERVATION_WORKFLOW
from addons.payments.api import (
    Claim,
    ReceivableKind,
    ReceivableState,
    find_receivables_of,
    open_receivable,
    withdraw_receivable,
)
from app.sdk.database import session, set_lines, utc_now
from app.sdk.documents import LinkKind, claim_item, link_documents, ref_of, release_items
from app.sdk.errors import Conflict, ValidationError
from app.sdk.events import publish
from app.sdk.i18n import _, humanize
from app.sdk.masterdata import Partner, draw_number
from app.sdk.models import User
from app.sdk.organisation import legal_entity_of, local_day, owner_and_unit

_ASKED = (ReceivableState.OPEN, ReceivableState.SETTLED)


def create_order(
    *, actor: User, now: dt.datetime | None = None, lines: list[dict[str, Any]] | None = None, **values: Any
) -> Order:
    """Write an order; blank prices are list prices of its day.

    Raises ValidationError for a required value that is missing (S:ORD-02), for what `price_lines` refuses, and where
    the total on the customer's paper is not what the lines come to (P:ORD-05, R4).
    """
    today = local_day(now or utc_now())
    given = {name: value for name, value in values.items() if value is not None}
    order = Order(**{"doc_date": today, "state": OrderState.DRAFT, **given}, created_by_id=actor.id)
    employee, order.org_unit_id = owner_and_unit(actor, on=order.doc_date)
    if order.owner_id is None:
        order.owner_id = employee.id if employee else None
    with session.no_autoflush:
        set_lines(order, "lines", lines or [])
        _check(order)
    session.add(order)
    session.flush()
    return order


def update_order(order: Order, *, actor: User, lines: list[dict[str, Any]] | None = None, **values: Any) -> None:
    """Change a draft. Raises Conflict for any other: it is returned, or changed by a change request (S:ORD-11, R2)."""
    if order.state is not OrderState.DRAFT:
        raise Conflict("order.fixed", _("Only a draft is changed. Have the order returned first."))
    for name, value in values.items():
        setattr(order, name, value)
    if lines is not None:
        set_lines(order, "lines", lines)
    with session.no_autoflush:
        _check(order)
    session.flush()


def delete_order(order: Order, *, actor: User) -> None:
    """Delete a draft that never went further. Raises Conflict for any other: it is cancelled (S:ORD-11, R2)."""
    if order.state is not OrderState.DRAFT or order.audited_at is not None or order.number is not None:
        raise Conflict("order.kept", _("Audited orders are not deleted. Cancel it, with a reason."))
    session.delete(order)
    session.flush()


@RESERVATION_WORKFLOW.transition("make_order")
def make_order(
    reservation: Reservation, *, actor: User, promised_on: dt.date, payment_method: PaymentMethod, now: dt.datetime
) -> None:
    """Write the order of a reservation, with its lines and terms. Raises Conflict for a second one (S:ORD-09)."""
    other = find_live_order_of(reservation.id)
    if other is not None:
        raise Conflict("order.second", _("There is an order for it already: %(order)s."), order=other)
    order = create_order(
        actor=actor,
        now=now,
        partner_id=reservation.partner_id,
        reservation_id=reservation.id,
        owner_id=reservation.owner_id,
        promised_on=promised_on,
        payment_method=payment_method,
        lines=[copy_of(line) for line in reservation.lines],
    )
    link_documents(ref_of(reservation, RESERVATION), ref_of(order, ORDER), kind=LinkKind.CREATES, amount=order.gross)


@ORDER_WORKFLOW.transition("submit")
def submit_order(order: Order, *, actor: User) -> None:
    """Hand an order in. Raises NotAllowed for a price that was neither listed nor approved (P:PRI-02)."""
    _check(order)
    refuse_free_prices(order.lines, on=order.doc_date)


@ORDER_WORKFLOW.transition("audit")
def audit_order(order: Order, *, actor: User, now: dt.datetime) -> None:
    """Pass the sales audit; nobody audits his own order (P:ORD-05)."""
    _check(order)
    refuse_free_prices(order.lines, on=order.doc_date)
    order.audited_at, order.audited_by_id = now, actor.id
    publish(OrderAudited(company_id=order.company_id, order_id=order.id))


@ORDER_WORKFLOW.transition("audit_finance")
def audit_order_finance(order: Order, *, actor: User, now: dt.datetime) -> None:
    """Pass the finance audit, which follows the sales audit (S:ORD-21)."""
    order.finance_audited_at, order.finance_audited_by_id = now, actor.id


@ORDER_WORKFLOW.transition("confirm")
def confirm_order(order: Order, *, actor: User, now: dt.datetime) -> None:
    """Bind the company: the order gets its number, its price is owed, its items are held.

    Raises Conflict where somebody else holds an item.
    """
    today = local_day(now)
    with session.no_autoflush:  # One change of the order, and one entry of it in the audit log.
        order.posted_at, order.period, order.partner_name = now, f"{today:%Y-%m}", order.partner.name
        if order.number is None:
            entity = legal_entity_of(order.org_unit_id)
            order.legal_entity_id = entity.id if entity else None
            order.number = draw_number(ORDER_NUMBERS, legal_entity_id=order.legal_entity_id, on=today)
    session.flush()
    ref = ref_of(order, ORDER)
    if order.reservation is not None:
        contract_reservation(order.reservation, by=ref, actor=actor, now=now)
    for item_id, title in sorted((one.item_id, one.description or "") for one in order.lines if one.item_id):
        claim_item(item_id, holder=ref, title=title, now=now)
    _ask_balance(order, actor=actor, now=now)
    publish(OrderConfirmed(company_id=order.company_id, order_id=order.id, partner_id=order.partner_id))


@ORDER_WORKFLOW.transition("release")
def release_order(order: Order, *, actor: User, now: dt.datetime) -> None:
    """Let departments begin to work on it."""
    publish(OrderReleased(company_id=order.company_id, order_id=order.id))


@ORDER_WORKFLOW.transition("give_back")
def give_back_order(order: Order, *, actor: User, reason: str) -> None:
    """Return an order that does not comply, with a reason (S:ORD-05); both audits are made anew."""
    order.finance_audited_at = order.finance_audited_by_id = None


@ORDER_WORKFLOW.transition("cancel")
def cancel_order(order: Order, *, actor: User, reason: str, now: dt.datetime) -> None:
    """Cancel an order that nobody has confirmed, with a reason (S:ORD-12)."""
    _end(order, actor=actor, now=now)


@ORDER_WORKFLOW.transition("cancel_confirmed")
def cancel_confirmed_order(order: Order, *, actor: User, reason: str, now: dt.datetime) -> None:
    """Cancel a confirmed order of which nothing was shipped, with a reason (S:ORD-12).

    Raises Conflict once something was shipped, and until what was paid for it is refunded, forfeited or transferred.
    """
    if any(line.shipped for line in order.lines):
        raise Conflict("order.shipped", _("Something of it was shipped: have it returned instead."))
    _end(order, actor=actor, now=now)


def _end(order: Order, *, actor: User, now: dt.datetime) -> None:
    ref = ref_of(order, ORDER)
    for receivable in find_receivables_of(ref):
        withdraw_receivable(receivable, actor=actor, now=now)
    release_items(ref, now=now)
    publish(OrderCancelled(company_id=order.company_id, order_id=order.id, partner_id=order.partner_id))


def _ask_balance(order: Order, *, actor: User, now: dt.datetime) -> None:
    """Ask for the price less what was asked for it as a deposit."""
    balance = order.gross - _deposit_of(order)
    if balance > 0:
        claim = Claim(
            source=ref_of(order, ORDER),
            partner_id=order.partner_id,
            kind=ReceivableKind.BALANCE,
            amount=balance,
            base_amount=order.gross,
            due_on=order.due_on,
            owner_id=order.owner_id,
            org_unit_id=order.org_unit_id,
        )
        open_receivable(claim, actor=actor, now=now)


def _deposit_of(order: Order) -> Decimal:
    if order.reservation is None:
        return ZERO
    asked = find_receivables_of(ref_of(order.reservation, RESERVATION))
    return sum((one.amount - one.waived for one in asked if one.state in _ASKED), ZERO)


def _check(order: Order) -> None:
    for name in ("partner_id", "promised_on", "payment_method"):
        if getattr(order, name) is None:
            label = _(humanize(name.removesuffix("_id")))
            raise ValidationError("order.required", _("%(label)s is required."), field=name, label=label)
    order.partner_name = session.get_one(Partner, order.partner_id).name
    if order.promised_on < order.doc_date:
        raise ValidationError(
            "order.promised", _("It is not promised before %(limit)s."), field="promised_on", limit=order.doc_date
        )
    if order.due_on is None:
        order.due_on = order.promised_on
    price_lines(order, on=order.doc_date)
    if order.stated_total is not None and order.stated_total != order.gross:
        raise ValidationError(
            "order.total",
            _("The lines come to %(limit)s, not to %(value)s."),
            field="stated_total",
            limit=words(order.gross),
            value=words(order.stated_total),
        )
