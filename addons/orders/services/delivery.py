"""From the released order to the closed one: shipped, signed for, closed, filed (S:ORD-13, P:ORD-09, S:ORD-22)."""

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Annotated

from addons.orders.choices import OrderForm, OrderState
from addons.orders.events import OrderDelivered, OrderPapersMissing, OrderShipped
from addons.orders.models import Order, OrderLine
from addons.orders.parameters import BALANCE_BEFORE_DELIVERY
from addons.orders.queries import ORDER, order_payment, plain, unfiled, words
from addons.orders.services.charging import charge_difference
from addons.orders.services.dispatch import cancel_requests_of, forget_lines
from addons.orders.services.holding import let_go
from addons.orders.services.lines import price_lines
from addons.orders.services.papers import refuse_without_papers
from addons.orders.services.shortages import call_off_shortages
from addons.orders.workflow import ORDER_WORKFLOW
from app.sdk.database import session, utc_now
from app.sdk.errors import Conflict, ValidationError
from app.sdk.events import publish
from app.sdk.i18n import _
from app.sdk.models import User
from app.sdk.organisation import local_day
from app.sdk.workflow import MaxLength


@ORDER_WORKFLOW.transition("ship")
def ship_order(order: Order, *, actor: User, line_number: int | None = None, quantity: Decimal | None = None) -> None:
    """Note that goods left: of one line, else of all; so much of it, else all that is left.

    Raises ValidationError above what was ordered; Conflict for a verbal order without its written record (S:ORD-01),
    and while anything is due where the balance comes before the delivery.
    """
    note_shipment(order, _parts(order, line_number, quantity, lambda line: line.quantity - line.shipped), actor=actor)


def note_shipment(order: Order, quantities: Mapping[int, Decimal], *, actor: User | None) -> None:
    """Note that goods left, by line id; a stock add-on calls it. Raises as `ship_order` does."""
    _refuse_shipping(order)
    for line in order.lines:
        part = quantities.get(line.id, Decimal(0))
        _refuse_more(line, part, line.quantity - line.shipped)
        line.shipped += part
    session.flush()
    if order.state is OrderState.RELEASED:
        note_shipped(order, actor=actor)
    publish(OrderShipped(company_id=order.company_id, order_id=order.id))


@ORDER_WORKFLOW.transition("deliver")
def deliver_order(
    order: Order, *, actor: User, line_number: int | None = None, quantity: Decimal | None = None
) -> None:
    """Note that the customer signed for goods. Raises ValidationError above what was shipped (S:ORD-13)."""
    note_delivery(order, _parts(order, line_number, quantity, lambda line: line.shipped - line.delivered), actor=actor)


def note_delivery(order: Order, quantities: Mapping[int, Decimal], *, actor: User | None) -> None:
    """Note what the customer signed for, by line id; a stock add-on calls it. Raises as `deliver_order` does."""
    for line in order.lines:
        part = quantities.get(line.id, Decimal(0))
        _refuse_more(line, part, line.shipped - line.delivered)
        line.delivered += part
    session.flush()
    if all(line.delivered == line.quantity for line in order.lines):
        note_delivered(order, actor=actor)
    elif order.state is OrderState.SHIPPED:
        note_part_delivered(order, actor=actor)


@ORDER_WORKFLOW.transition("note_shipped")
def note_shipped(order: Order, *, actor: User | None) -> None:
    """Note that goods are on their way."""


@ORDER_WORKFLOW.transition("note_part_delivered")
def note_part_delivered(order: Order, *, actor: User | None) -> None:
    """Note that the customer has signed for a part."""


@ORDER_WORKFLOW.transition("note_delivered")
def note_delivered(order: Order, *, actor: User | None) -> None:
    """Note that the customer has signed for everything, and announce it."""
    publish(OrderDelivered(company_id=order.company_id, order_id=order.id))


@ORDER_WORKFLOW.transition("close_short")
def close_short(order: Order, *, actor: User, reason: str, now: dt.datetime) -> None:
    """Do without what was not delivered, as the buyer agrees: what is open becomes nothing, the total follows.

    Nobody works on it any more, and its single items are free (S:ORD-07, S:RE-03).

    Raises Conflict while goods are on their way, and where more was paid than the order comes to then.
    """
    if any(line.shipped > line.delivered for line in order.lines):
        raise Conflict("order.on_its_way", _("Goods are on their way: wait until they are signed for or returned."))
    cancel_requests_of([line for line in order.lines if line.delivered < line.quantity], actor=actor)
    call_off_shortages(order, actor=actor)
    forget_lines([line for line in order.lines if line.delivered == 0])
    order.lines = [line for line in order.lines if line.delivered > 0]
    for line in order.lines:
        line.quantity = line.delivered
    before, order.stated_total = order.gross, None
    price_lines(order, on=order.doc_date)
    session.flush()
    let_go(order, ORDER, now=now)
    charge_difference(order, before, actor=actor, now=now)
    publish(OrderDelivered(company_id=order.company_id, order_id=order.id))


@ORDER_WORKFLOW.transition("close")
def close_order(order: Order, *, actor: User, today: dt.date) -> None:
    """Close a delivered order.

    Raises Conflict while anything is due (P:ORD-09), or a paper that goes along with it is missing (S:CAT-05).
    """
    _paid, due = order_payment(order)
    if due > 0:
        raise Conflict("order.due", _("%(amount)s is still due."), amount=words(due))
    refuse_without_papers(order)
    order.closed_on = today


@ORDER_WORKFLOW.transition("file_papers")
def file_papers(order: Order, *, actor: User, filed_under: Annotated[str, MaxLength(80)], today: dt.date) -> None:
    """Note where the papers of a closed order are kept (S:ORD-22)."""
    order.filed_on, order.filed_under = today, filed_under


def note_missing_papers(now: dt.datetime | None = None) -> int:
    """Announce, once, each closed order whose papers were not filed in time; return how many (S:ORD-22)."""
    moment = now or utc_now()
    late = unfiled(local_day(moment))
    for order in late:
        order.filing_missed_at = moment
        session.flush()
        publish(OrderPapersMissing(company_id=order.company_id, order_id=order.id))
    return len(late)


def _parts(
    order: Order, number: int | None, quantity: Decimal | None, left_of: Callable[[OrderLine], Decimal]
) -> dict[int, Decimal]:
    """Return what is meant of each line: of one, or of all with what is left of them."""
    lines = [line for line in order.lines if number is None or line.position == number]
    if not lines:
        raise ValidationError(
            "order.line_number", _("Lines are numbered 1 to %(limit)s."), field="line_number", limit=len(order.lines)
        )
    if quantity is not None and (quantity <= 0 or len(lines) > 1):
        raise ValidationError(
            "order.quantity_of_line",
            _("A quantity above 0 goes with the number of its line."),
            field="quantity" if quantity <= 0 else "line_number",
        )
    parts = {line.id: left_of(line) if quantity is None else quantity for line in lines}
    if not any(parts.values()):
        raise Conflict("order.nothing_left", _("Nothing is left of it."), field="quantity")
    return parts


def _refuse_shipping(order: Order) -> None:
    if order.form is OrderForm.VERBAL and order.written_at is None:
        raise Conflict("order.unwritten", _("A verbal order is not shipped before its written record is there."))
    if BALANCE_BEFORE_DELIVERY.value(order.doc_date) == "yes":
        _paid, due = order_payment(order)
        if due > 0:
            raise Conflict(
                "order.balance_first", _("%(amount)s is still due, and is paid before the delivery."), amount=words(due)
            )


def _refuse_more(line: OrderLine, part: Decimal, left: Decimal) -> None:
    if part < 0 or part > left:
        raise ValidationError(
            "order.quantity_left",
            _("%(product)s: at most %(limit)s is left."),
            field="quantity",
            product=line.description,
            limit=plain(left),
        )
