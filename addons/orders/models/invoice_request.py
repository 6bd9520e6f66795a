"""A request for an invoice (开票申请) for an order."""

from decimal import Decimal

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from addons.orders.choices import InvoiceRequestState
from addons.orders.models.order import Order
from addons.payments.api import Invoice
from app.sdk.models import Document, Money, Quantity, choice, many_to_one, reference


class InvoiceRequest(Document):
    """What finance is to write on the invoice. Amounts in yuan, tax included."""

    __tablename__ = "orders_invoice_request"
    __table_args__ = (CheckConstraint("amount > 0", name="amount"),)
    __title__ = "number"
    __search__ = ("number", "title", "tax_no")
    __personal__ = ("title", "tax_no", "note", "custom")
    __grantable__ = "partner_id"

    state: Mapped[InvoiceRequestState] = choice(InvoiceRequestState, InvoiceRequestState.REQUESTED)
    order_id: Mapped[int] = reference("orders_order")
    partner_id: Mapped[int] = reference("masterdata_partner")  # The order's, so that grants and searches find it.
    title: Mapped[str] = mapped_column(String(200))  # To whom it is made out.
    tax_no: Mapped[str | None] = mapped_column(String(30))
    tax_rate: Mapped[Decimal] = mapped_column(Quantity)  # A share: 0.13 is 13 %.
    amount: Mapped[Decimal] = mapped_column(Money)
    note: Mapped[str | None] = mapped_column(String(400))
    invoice_id: Mapped[int | None] = reference("payments_invoice", nullable=True)

    order: Mapped[Order] = many_to_one("InvoiceRequest.order_id", "addons.orders.models.order.Order.id")
    invoice: Mapped[Invoice | None] = many_to_one("InvoiceRequest.invoice_id", "Invoice.id")

    def __str__(self) -> str:
        return self.number or self.title or f"#{self.id}"
