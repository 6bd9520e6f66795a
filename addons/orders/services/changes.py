"""Changes of confirmed orders: negotiated, assessed, approved, applied (S:ORD-10)."""

import datetime as dt
from decimal import Decimal
from typing import Any

from addons.orders.choices import BOUND_ORDERS, ChangeState, OrderState
from addons.orders.events import OrderChanged
from addons.orders.masterdata import CHANGE_NUMBERS
from addons.orders.models import ChangeLine, Order, OrderChange, OrderLine
from addons.orders.queries import ORDER, ZERO, line_amounts, plain, price_on, returned_by_line
from addons.orders.services.charging import charge_difference
from addons.orders.services.dispatch import follow_quantity
from addons.orders.services.lines import price_lines, refuse_free_prices, refuse_too_large
from addons.orders.workflow import CHANGE_WORKFLOW
from app.sdk.database import session, set_lines, utc_now
from app.sdk.documents import LinkKind, link_documents, ref_of
from app.sdk.errors import Conflict, NotFound, ValidationError
from app.sdk.events import publish
from app.sdk.i18n import _
from app.sdk.masterdata import Product, draw_number
from app.sdk.models import User
from app.sdk.organisation import local_day, owner_and_unit

CHANGE = "orders.OrderChange"


def create_change(
    *,
    actor: User,
    order_id: int,
    lines: list[dict[str, Any]] | None = None,
    now: dt.datetime | None = None,
    **values: Any,
) -> OrderChange:
    """Ask for a change of a confirmed order: new quantities by product, or another promised day.

    Raises Conflict for an order that is not confirmed or is delivered (R2), or where less is asked for than was
    shipped; ValidationError where nothing is changed.
    """
    order = session.get(Order, order_id)
    if order is None:
        raise NotFound("change.order", _("There is no such order."), field="order_id")
    today = local_day(now or utc_now())
    change = OrderChange(order_id=order.id, doc_date=today, state=ChangeState.DRAFT, created_by_id=actor.id, **values)
    employee, change.org_unit_id = owner_and_unit(actor, on=today)
    change.owner_id = employee.id if employee else order.owner_id
    change.legal_entity_id = order.legal_entity_id
    with session.no_autoflush:
        set_lines(change, "lines", lines or [])
        _check(change, order)
    session.add(change)
    session.flush()
    return change


def update_change(
    change: OrderChange, *, actor: User, lines: list[dict[str, Any]] | None = None, **values: Any
) -> None:
    """Change a draft. Raises Conflict for one that was assessed (R2)."""
    if change.state is not ChangeState.DRAFT:
        raise Conflict("change.fixed", _("It was assessed as it is. Have it refused and ask for another."))
    for name, value in values.items():
        setattr(change, name, value)
    if lines is not None:
        set_lines(change, "lines", lines)
    with session.no_autoflush:
        _check(change, session.get_one(Order, change.order_id))
    session.flush()


@CHANGE_WORKFLOW.transition("assess")
def assess_change(change: OrderChange, *, actor: User, impact: str, now: dt.datetime) -> None:
    """Say what a change means for the company; it gets its number."""
    _check(change, change.order)
    change.impact = impact
    change.posted_at, change.period = now, f"{local_day(now):%Y-%m}"
    change.number = draw_number(CHANGE_NUMBERS, legal_entity_id=change.legal_entity_id, on=local_day(now))


@CHANGE_WORKFLOW.transition("approve")
def approve_change(change: OrderChange, *, actor: User) -> None:
    """Agree to a change; nobody agrees to his own."""
    _check(change, change.order)


@CHANGE_WORKFLOW.transition("refuse")
def refuse_change(change: OrderChange, *, actor: User, reason: str) -> None:
    """Refuse a change; the order stays as it is."""


@CHANGE_WORKFLOW.transition("apply")
def apply_change(change: OrderChange, *, actor: User, now: dt.datetime) -> None:
    """Change the order as approved: its lines, its total, what is asked for it, and what departments do.

    Raises Conflict where more was shipped meanwhile, or more was paid than the order comes to then.
    """
    order = change.order
    session.refresh(order, with_for_update={"of": Order})
    _check(change, order)
    if change.promised_on is not None:
        order.promised_on = change.promised_on
    before, order.stated_total = order.gross, None
    with session.no_autoflush:
        moved = [_apply(order, line) for line in change.lines]
        price_lines(order, on=order.doc_date)
    refuse_free_prices([line for line, _difference, is_new in moved if is_new], on=order.doc_date)
    session.flush()
    charge_difference(order, before, actor=actor, now=now)
    if order.state is not OrderState.CONFIRMED:
        for line, difference, _is_new in moved:
            follow_quantity(order, line, difference, actor=actor)
    link_documents(ref_of(change, CHANGE), ref_of(order, ORDER), kind=LinkKind.AMENDS, amount=change.difference)
    publish(OrderChanged(company_id=order.company_id, order_id=order.id, change_id=change.id))


def _apply(order: Order, wanted: ChangeLine) -> tuple[OrderLine, Decimal, bool]:
    """Set the quantity of one product; return its line, by how much it changed, and whether the line is new."""
    line = _line_of(order, wanted)
    if line is not None:
        difference = wanted.quantity - line.quantity
        line.quantity = wanted.quantity
        return line, difference, False
    added = OrderLine(
        product_id=wanted.product_id,
        quantity=wanted.quantity,
        position=1 + max(one.position for one in order.lines),
        shipped=ZERO,
        delivered=ZERO,
    )
    order.lines.append(added)
    return added, wanted.quantity, True


def _check(change: OrderChange, order: Order) -> None:
    if order.state not in BOUND_ORDERS:
        raise Conflict(
            "change.state", _("Only a confirmed order that is not delivered is changed so."), field="order_id"
        )
    if not change.lines and change.promised_on is None:
        raise ValidationError("change.nothing", _("Say what is to be different."), field="lines")
    if change.promised_on is not None and change.promised_on < order.doc_date:
        raise ValidationError(
            "order.promised", _("It is not promised before %(limit)s."), field="promised_on", limit=order.doc_date
        )
    after, returned = order.gross, returned_by_line(order.id)
    for wanted in change.lines:
        line = _line_of(order, wanted)
        if wanted.quantity <= 0:
            raise ValidationError("change.quantity", _("A new quantity is above %(limit)s."), field="lines", limit=0)
        wanted.quantity_before = line.quantity if line is not None else ZERO
        if line is not None:
            _refuse_handed_over(wanted, line, least=max(line.shipped, returned.get(line.id, ZERO)))
        after += _amount(order, wanted, line) - (line.gross if line is not None else ZERO)
    refuse_too_large(after)
    change.amount_before, change.amount_after = order.gross, after


def _line_of(order: Order, wanted: ChangeLine) -> OrderLine | None:
    found = [line for line in order.lines if line.product_id == wanted.product_id]
    if len(found) > 1:
        raise ValidationError(
            "change.several",
            _("%(product)s stands in %(limit)s lines: take the order back to change them."),
            field="lines",
            product=found[0].description,
            limit=len(found),
        )
    return found[0] if found else None


def _refuse_handed_over(wanted: ChangeLine, line: OrderLine, *, least: Decimal) -> None:
    if wanted.quantity < least:
        raise Conflict(
            "change.shipped",
            _("%(product)s: %(limit)s were shipped already."),
            field="lines",
            product=line.description,
            limit=plain(least),
        )


def _amount(order: Order, wanted: ChangeLine, line: OrderLine | None) -> Decimal:
    if line is not None:
        return line_amounts(
            wanted.quantity, line.unit_price, tax_rate=line.tax_rate, tax_included=line.tax_included
        ).gross
    price = price_on(wanted.product_id, on=order.doc_date)
    if price is None:
        raise ValidationError(
            "orders.unpriced",
            _("%(product)s has no approved price on %(day)s."),
            field="lines",
            product=session.get_one(Product, wanted.product_id).name,
            day=order.doc_date,
        )
    return line_amounts(wanted.quantity, price.price, tax_rate=ZERO, tax_included=True).gross
