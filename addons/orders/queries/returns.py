"""What is known of returns: what may still come back of an order, and what was given for it."""

from collections.abc import Sequence
from decimal import Decimal

from addons.orders.choices import GIVEN_UP_RETURNS, OrderState, ReturnState
from addons.orders.models import Order, OrderLine, ReturnLine, ReturnOrder
from addons.orders.queries.amounts import ZERO, words
from addons.orders.queries.documents import ORDER, RESERVATION, explain, order_payment
from app.sdk.database import func, select, session
from app.sdk.documents import DocumentRef, ref_of
from app.sdk.errors import Text
from app.sdk.i18n import _

RETURN = "orders.ReturnOrder"
RETURNABLE = (
    *(OrderState.CONFIRMED, OrderState.RELEASED, OrderState.SHIPPED, OrderState.PART_DELIVERED),
    *(OrderState.DELIVERED, OrderState.CLOSED),
)


def refs_of(order: Order) -> list[DocumentRef]:
    """Return the documents for which an order's price was asked: itself, and the reservation that it came from."""
    found = [ref_of(order, ORDER)]
    if order.reservation is not None:
        found.append(ref_of(order.reservation, RESERVATION))
    return found


def is_shipping_recorded(order: Order) -> bool:
    """Tell whether it was noted what left of an order; a company that keeps no such record is taken at its orders."""
    return any(line.shipped for line in order.lines)


def returnable(order: Order, *, besides: int | None = None) -> list[tuple[OrderLine, Decimal]]:
    """Return each line of an order with how much of it may still come back; `besides` is a return that does not count.

    It is what was delivered; all that was ordered, where the company keeps no record of deliveries.
    """
    taken = returned_by_line(order.id, besides=besides)
    recorded = is_shipping_recorded(order)
    return [(line, (line.delivered if recorded else line.quantity) - taken.get(line.id, ZERO)) for line in order.lines]


def returned_by_line(order_id: int, *, besides: int | None = None) -> dict[int, Decimal]:
    """Return how much came back of each line of an order, or is to: nothing of what was given up."""
    statement = (
        select(ReturnLine.order_line_id, func.sum(ReturnLine.quantity))
        .join(ReturnOrder, ReturnOrder.id == ReturnLine.return_id)
        .where(ReturnOrder.order_id == order_id, ReturnOrder.state.not_in(GIVEN_UP_RETURNS))
        .group_by(ReturnLine.order_line_id)
    )
    if besides is not None:
        statement = statement.where(ReturnOrder.id != besides)
    return dict(session.execute(statement).all())


def worth_of_refunded(order: Order) -> Decimal:
    """Return what goods are worth that came back and were paid back, or taken off what was due, in yuan (S:PAY-06)."""
    if order.number is None:  # It was never confirmed: nothing can have come back.
        return ZERO
    statement = select(func.sum(ReturnOrder.gross)).where(
        ReturnOrder.order_id == order.id, ReturnOrder.state == ReturnState.REFUNDED
    )
    return session.scalar(statement) or ZERO


def promised_refunds(order_id: int, *, besides: int | None) -> Decimal:
    """Return what other returns of an order are going to pay back, in yuan."""
    statement = select(func.sum(ReturnOrder.refund)).where(
        ReturnOrder.order_id == order_id,
        ReturnOrder.state.in_((ReturnState.REQUESTED, ReturnState.APPROVED, ReturnState.RECEIVED)),
    )
    return session.scalar(statement if besides is None else statement.where(ReturnOrder.id != besides)) or ZERO


def list_returns(order_id: int) -> Sequence[ReturnOrder]:
    """Return the returns of an order, the latest first."""
    return list(
        session.scalars(select(ReturnOrder).where(ReturnOrder.order_id == order_id).order_by(ReturnOrder.id.desc()))
    )


def explain_return(return_id: int) -> Sequence[tuple[Text, str]]:
    """Return how the amounts of a return came about, and what is paid for the order."""
    form = session.get_one(ReturnOrder, return_id)
    paid, due = order_payment(form.order)
    return [*explain(form.lines), (_("Paid for the order"), words(paid)), (_("Due for the order"), words(due))]
