"""The desks that an order passes: handed in, audited twice, confirmed, released, and back (P:ORD-05, S:ORD-21)."""

import datetime as dt

from addons.orders.choices import ReservationState
from addons.orders.events import OrderAudited, OrderCancelled, OrderConfirmed, OrderReleased, OrderReopened
from addons.orders.masterdata import ORDER_NUMBERS
from addons.orders.models import Order
from addons.orders.queries import ORDER, find_reservation_of, returned_by_line
from addons.orders.services.charging import charge, charge_beforehand, drop_unpaid, refuse_unpaid, withdraw_all
from addons.orders.services.checks import open_checks, pass_rule, reckon_credit, refuse_unchecked
from addons.orders.services.dispatch import cancel_requests, dispatch
from addons.orders.services.holding import hold_items, let_go
from addons.orders.services.lines import refuse_free_prices
from addons.orders.services.orders import check_order_form
from addons.orders.services.reservations import call_off_reservation, contract_reservation
from addons.orders.services.shortages import call_off_shortages
from addons.orders.workflow import ORDER_WORKFLOW
from app.sdk.database import session
from app.sdk.documents import ref_of, release_items
from app.sdk.errors import Conflict
from app.sdk.events import publish
from app.sdk.i18n import _
from app.sdk.masterdata import draw_number
from app.sdk.models import User
from app.sdk.organisation import legal_entity_of, local_day


@ORDER_WORKFLOW.transition("submit")
def submit_order(order: Order, *, actor: User, now: dt.datetime) -> None:
    """Hand an order in, and open its checks (S:ORD-03).

    Raises NotAllowed for a price that was neither listed nor approved (P:PRI-02).
    """
    with session.no_autoflush:  # The order is changed once.
        check_order_form(order)
        refuse_free_prices(order.lines, on=order.doc_date)
        open_checks(order, actor=actor, now=now)


@ORDER_WORKFLOW.transition("audit")
def audit_order(order: Order, *, actor: User, now: dt.datetime) -> None:
    """Pass the sales audit, which is the check of the rules; nobody audits his own order (P:ORD-05).

    What is to be paid beforehand is asked for now (S:PAY-03).
    """
    with session.no_autoflush:  # One change of the order, and one entry of it in the audit log.
        check_order_form(order)
        refuse_free_prices(order.lines, on=order.doc_date)
        order.audited_at, order.audited_by_id = now, actor.id
        pass_rule(order, actor=actor, now=now)
    charge_beforehand(order, actor=actor, now=now)
    publish(OrderAudited(company_id=order.company_id, order_id=order.id))


@ORDER_WORKFLOW.transition("audit_finance")
def audit_order_finance(order: Order, *, actor: User, now: dt.datetime) -> None:
    """Pass the finance audit, which follows the sales audit (S:ORD-21).

    Raises Conflict until what is to be paid beforehand has come in (S:PAY-03).
    """
    refuse_unpaid(order)
    order.finance_audited_at, order.finance_audited_by_id = now, actor.id


@ORDER_WORKFLOW.transition("confirm")
def confirm_order(order: Order, *, actor: User, now: dt.datetime) -> None:
    """Bind the company: the order gets its number, its price is owed, its items are held, and no others.

    Raises Conflict while a check is not passed (S:ORD-03), and where somebody else holds an item.
    """
    today = local_day(now)
    holds_items = order.number is not None or order.reservation is not None
    with session.no_autoflush:  # One change of the order, and one entry of it in the audit log.
        reckon_credit(order, actor=actor, now=now)
        refuse_unchecked(order)
        order.posted_at, order.period, order.partner_name = now, f"{today:%Y-%m}", order.partner.name
        if order.number is None:
            entity = legal_entity_of(order.org_unit_id)
            order.legal_entity_id = entity.id if entity else None
            order.number = draw_number(ORDER_NUMBERS, legal_entity_id=order.legal_entity_id, on=today)
    session.flush()
    if order.reservation is not None and order.reservation.state is not ReservationState.CONTRACTED:
        contract_reservation(order.reservation, by=ref_of(order, ORDER), actor=actor, now=now)
    if holds_items:
        let_go(order, ORDER, now=now)
    hold_items(order, ORDER, now=now)
    charge(order, actor=actor, now=now)
    publish(OrderConfirmed(company_id=order.company_id, order_id=order.id, partner_id=order.partner_id))


@ORDER_WORKFLOW.transition("release")
def release_order(order: Order, *, actor: User, now: dt.datetime) -> None:
    """Give an order to the departments that work on it (P:ORD-06, S:ORD-07).

    Raises Conflict for a product without a dispatch rule.
    """
    dispatch(order, order.lines, actor=actor)
    publish(OrderReleased(company_id=order.company_id, order_id=order.id))


@ORDER_WORKFLOW.transition("give_back")
def give_back_order(order: Order, *, actor: User, reason: str, now: dt.datetime) -> None:
    """Return an order that does not comply, with a reason (S:ORD-05); checks and audits are made anew."""
    order.finance_audited_at = order.finance_audited_by_id = None
    drop_unpaid(order, actor=actor, now=now)
    call_off_shortages(order, actor=actor)


@ORDER_WORKFLOW.transition("reopen")
def reopen_order(order: Order, *, actor: User, reason: str, now: dt.datetime) -> None:
    """Take a confirmed order back to be changed: stock and departments are free, and it is checked and audited again.

    Its single items stay held until it is confirmed anew or cancelled. Its number stays, and what was paid counts.
    Raises Conflict once something was shipped or returned: ask for a change then.
    """
    _refuse_shipped(order)
    order.finance_audited_at = order.finance_audited_by_id = None
    drop_unpaid(order, actor=actor, now=now)
    cancel_requests(order, actor=actor)
    call_off_shortages(order, actor=actor)
    publish(OrderReopened(company_id=order.company_id, order_id=order.id))


@ORDER_WORKFLOW.transition("cancel")
def cancel_order(order: Order, *, actor: User, reason: str, now: dt.datetime) -> None:
    """Cancel an order that nobody has confirmed, with a reason (S:ORD-12)."""
    _end(order, actor=actor, now=now)


@ORDER_WORKFLOW.transition("cancel_confirmed")
def cancel_confirmed_order(order: Order, *, actor: User, reason: str, now: dt.datetime) -> None:
    """Cancel a confirmed order of which nothing was shipped, with a reason (S:ORD-12).

    Raises Conflict once something was shipped or returned, and until what was paid for it, the deposit of its
    reservation included, is refunded, forfeited or transferred.
    """
    _refuse_shipped(order)
    cancel_requests(order, actor=actor)
    _end(order, actor=actor, now=now)


def _end(order: Order, *, actor: User, now: dt.datetime) -> None:
    withdraw_all(order, actor=actor, now=now)
    if (reservation := find_reservation_of(order)) is not None:
        call_off_reservation(reservation, actor=actor, now=now)
    call_off_shortages(order, actor=actor)
    release_items(ref_of(order, ORDER), now=now)
    publish(OrderCancelled(company_id=order.company_id, order_id=order.id, partner_id=order.partner_id))


def _refuse_shipped(order: Order) -> None:
    if any(line.shipped for line in order.lines):
        raise Conflict("order.shipped", _("Something of it was shipped: have it returned instead."))
    if returned_by_line(order.id):
        raise Conflict("order.returned", _("Something of it was handed over: there is a return for it."))
