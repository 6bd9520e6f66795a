"""How much of an order was invoiced, and what may still be."""

from collections.abc import Sequence
from decimal import Decimal

from addons.orders.choices import InvoiceRequestState
from addons.orders.models import InvoiceRequest, Order, OrderLine
from addons.orders.queries.amounts import ZERO, line_amounts, plain, words
from addons.orders.queries.documents import asked_for
from addons.orders.queries.returns import is_shipping_recorded, refs_of
from addons.payments.api import invoiced_for
from app.sdk.database import func, select, session
from app.sdk.errors import Text
from app.sdk.i18n import _


def to_be_invoiced(order: Order) -> Decimal:
    """Return how much of an order may be invoiced, in yuan: what is asked for it, less what was not shipped (S:PAY-02).

    Before anything was shipped, and where the company keeps no record of it, the whole may be.
    """
    if not is_shipping_recorded(order):
        return asked_for(order)
    return asked_for(order) - sum((_unshipped(line) for line in order.lines), ZERO)


def invoiced_and_requested(order: Order, *, besides: int | None = None) -> tuple[Decimal, Decimal]:
    """Return what was invoiced for an order, and what other requests that wait for finance come to, in yuan."""
    statement = select(func.sum(InvoiceRequest.amount)).where(
        InvoiceRequest.order_id == order.id, InvoiceRequest.state == InvoiceRequestState.REQUESTED
    )
    asked = session.scalar(statement if besides is None else statement.where(InvoiceRequest.id != besides)) or ZERO
    return invoiced_for(refs_of(order)), asked


def list_invoice_requests(order_id: int) -> Sequence[InvoiceRequest]:
    """Return the requests for invoices of an order, the latest first."""
    return list(
        session.scalars(
            select(InvoiceRequest).where(InvoiceRequest.order_id == order_id).order_by(InvoiceRequest.id.desc())
        )
    )


def explain_request(request_id: int) -> Sequence[tuple[Text, str]]:
    """Return how much of the order may still be invoiced, and the tax in the amount asked for."""
    request = session.get_one(InvoiceRequest, request_id)
    invoiced, asked = invoiced_and_requested(request.order)
    rate = request.tax_rate * 100
    tax = line_amounts(Decimal(1), request.amount, tax_rate=request.tax_rate, tax_included=True).tax
    return [
        (_("Total of the order"), words(request.order.gross)),
        (_("May be invoiced"), words(to_be_invoiced(request.order))),
        (_("Invoiced"), words(invoiced)),
        (_("Asked for"), words(asked)),
        (_("Tax in the amount"), f"{words(request.amount)} × {plain(rate)} ÷ {plain(100 + rate)} = {words(tax)}"),
    ]


def _unshipped(line: OrderLine) -> Decimal:
    """Return what the part of a line is worth that was ordered and not shipped, in yuan."""
    shipped = line_amounts(line.shipped, line.unit_price, tax_rate=line.tax_rate, tax_included=line.tax_included)
    return line.gross - shipped.gross
