"""How much of an order was invoiced, and what may still be."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from addons.orders.choices import InvoiceRequestState
from addons.orders.models import InvoiceRequest, Order
from addons.orders.parameters import INVOICE_BASIS
from addons.orders.queries.amounts import ZERO, line_amounts, plain, words
from addons.orders.queries.returns import refs_of
from addons.payments.api import invoiced_for
from app.sdk.database import func, select, session
from app.sdk.errors import Text
from app.sdk.i18n import _


def invoiced_and_requested(order: Order, *, besides: int | None = None) -> tuple[Decimal, Decimal]:
    """Return what was invoiced for an order, and what other requests that wait for finance come to, in yuan."""
    statement = select(func.sum(InvoiceRequest.amount)).where(
        InvoiceRequest.order_id == order.id, InvoiceRequest.state == InvoiceRequestState.REQUESTED
    )
    asked = session.scalar(statement if besides is None else statement.where(InvoiceRequest.id != besides)) or ZERO
    return invoiced_for(refs_of(order)), asked


def invoiceable(order: Order, *, on: dt.date) -> Decimal:
    """Return what invoices of an order may come to together: its total, or the value of what was shipped (S:PAY-02)."""
    if INVOICE_BASIS.value(on) == "order_total":
        return order.gross
    shipped = (
        line_amounts(line.shipped, line.unit_price, tax_rate=line.tax_rate, tax_included=line.tax_included)
        for line in order.lines
    )
    return sum((one.gross for one in shipped), ZERO)


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
        (_("Invoiceable"), words(invoiceable(request.order, on=request.doc_date))),
        (_("Invoiced"), words(invoiced)),
        (_("Asked for"), words(asked)),
        (_("Tax in the amount"), f"{words(request.amount)} × {plain(rate)} ÷ {plain(100 + rate)} = {words(tax)}"),
    ]
