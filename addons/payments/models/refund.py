"""A refund: money that went back."""

from decimal import Decimal

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from addons.payments.choices import RefundState
from addons.payments.models.method import Method
from addons.payments.models.posting import Posting
from addons.payments.models.receipt import Receipt
from app.sdk.masterdata import Partner
from app.sdk.models import Document, Money, choice, many_to_one, reference


class Refund(Document):
    """Paid from what a receipt had left, or from what it had settled."""

    __tablename__ = "payments_refund"
    __table_args__ = (CheckConstraint("amount > 0", name="amount"),)
    __title__ = "number"
    __search__ = ("number",)
    __personal__ = ("reason", "custom")

    state: Mapped[RefundState] = choice(RefundState, RefundState.PAID)
    receipt_id: Mapped[int] = reference("payments_receipt")
    posting_id: Mapped[int] = reference("payments_posting")
    partner_id: Mapped[int | None] = reference("masterdata_partner", nullable=True)
    method_id: Mapped[int] = reference("payments_method", index=False)
    amount: Mapped[Decimal] = mapped_column(Money)
    reason: Mapped[str] = mapped_column(String(200))

    receipt: Mapped[Receipt] = many_to_one("Refund.receipt_id", "Receipt.id")
    posting: Mapped[Posting] = many_to_one("Refund.posting_id", "Posting.id")
    partner: Mapped[Partner | None] = many_to_one("Refund.partner_id", "Partner.id")
    method: Mapped[Method] = many_to_one("Refund.method_id", "Method.id")
