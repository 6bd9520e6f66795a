"""An entry of the register of invoices (发票)."""

import datetime as dt
from decimal import Decimal

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from addons.payments.choices import InvoiceState
from addons.payments.models.receivable import Receivable
from app.sdk.models import CompanyModel, Money, Owned, choice, many_to_one, reference


class Invoice(Owned, CompanyModel):
    """A fapiao that was issued for a receivable; a void one keeps its number (P:PAY-03).

    A red letter (红字) takes an audited one back, wholly or in part, once it is audited too; its amount is below zero.
    """

    __tablename__ = "payments_invoice"
    __table_args__ = (
        UniqueConstraint("company_id", "number"),
        CheckConstraint(
            "(amount > 0 AND original_id IS NULL) OR (amount < 0 AND original_id IS NOT NULL)", name="amount"
        ),
    )
    __title__ = "number"
    __search__ = ("number", "title")
    __personal__ = ("title", "custom")

    state: Mapped[InvoiceState] = choice(InvoiceState, InvoiceState.DRAFT)
    number: Mapped[str] = mapped_column(String(40))
    receivable_id: Mapped[int] = reference("payments_receivable")
    title: Mapped[str | None] = mapped_column(String(200))  # To whom it is made out.
    issued_on: Mapped[dt.date]
    amount: Mapped[Decimal] = mapped_column(Money)
    original_id: Mapped[int | None] = reference("payments_invoice", nullable=True)  # What a red letter takes back.

    receivable: Mapped[Receivable] = many_to_one("Invoice.receivable_id", "Receivable.id")
    original: Mapped["Invoice | None"] = many_to_one("Invoice.original_id", "Invoice.id")

    def __str__(self) -> str:
        return self.number
