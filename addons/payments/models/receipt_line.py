"""One tender of a receipt: so much in cash, so much by card."""

from decimal import Decimal

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from addons.payments.models.method import Method
from app.sdk.models import CompanyModel, Money, many_to_one, reference


class ReceiptLine(CompanyModel):
    """Where its money went is that of the method when it was posted."""

    __tablename__ = "payments_receipt_line"
    __table_args__ = (CheckConstraint("amount > 0", name="amount"),)
    __title__ = "bank_ref"

    receipt_id: Mapped[int] = reference("payments_receipt")
    position: Mapped[int]
    method_id: Mapped[int] = reference("payments_method", index=False)
    amount: Mapped[Decimal] = mapped_column(Money)
    bank_ref: Mapped[str | None] = mapped_column(String(60), index=True)

    method: Mapped[Method] = many_to_one("ReceiptLine.method_id", "Method.id", joined=True)
