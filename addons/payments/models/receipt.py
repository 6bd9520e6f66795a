"""A receipt: money that came in, and what it was used for."""

import datetime as dt
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from addons.payments.choices import ReceiptState
from addons.payments.models.receipt_line import ReceiptLine
from addons.payments.models.receivable import Receivable
from app.sdk.masterdata import Partner
from app.sdk.models import Document, EncryptedText, Money, User, UtcDateTime, choice, many_to_one, reference


class Receipt(Document):
    """`owner` is the cashier. Without a partner its money is unidentified until somebody is found (P:PAY-06)."""

    __tablename__ = "payments_receipt"
    __table_args__ = (
        CheckConstraint("settled >= 0 AND refunded >= 0 AND forfeited >= 0", name="used"),
        CheckConstraint("settled + refunded + forfeited <= amount", name="amount"),
    )
    __title__ = "number"
    __grantable__ = "partner_id"
    __search__ = ("number", "payer_name")
    __personal__ = ("payer_name", "id_no", "authorisation", "note", "custom")

    state: Mapped[ReceiptState] = choice(ReceiptState, ReceiptState.DRAFT)
    partner_id: Mapped[int | None] = reference("masterdata_partner", nullable=True)
    payer_name: Mapped[str | None] = mapped_column(String(200))  # As the bank or the payer writes it.
    id_no: Mapped[str | None] = mapped_column(EncryptedText)
    id_valid_to: Mapped[dt.date | None]
    authorisation: Mapped[str | None] = mapped_column(String(200))  # By which a payer settles another's debt.
    receivable_id: Mapped[int | None] = reference("payments_receivable", nullable=True)  # What it is meant to settle.
    amount: Mapped[Decimal] = mapped_column(Money)
    settled: Mapped[Decimal] = mapped_column(Money, default=Decimal(0))
    refunded: Mapped[Decimal] = mapped_column(Money, default=Decimal(0))
    forfeited: Mapped[Decimal] = mapped_column(Money, default=Decimal(0))
    audited_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    audited_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    note: Mapped[str | None] = mapped_column(String(400))

    partner: Mapped[Partner | None] = many_to_one("Receipt.partner_id", "Partner.id")
    receivable: Mapped[Receivable | None] = many_to_one("Receipt.receivable_id", "Receivable.id")
    audited_by: Mapped[User | None] = relationship(User, foreign_keys=[audited_by_id])
    lines: Mapped[list[ReceiptLine]] = relationship(
        ReceiptLine,
        primaryjoin="Receipt.id == foreign(ReceiptLine.receipt_id)",
        order_by=ReceiptLine.position,
        cascade="all, delete-orphan",
    )

    @property
    def free_amount(self) -> Decimal:
        """What has been used for nothing yet: the customer's advance, or money that nobody knows the payer of.

        Of a draft nothing came in yet, and what is void went back.
        """
        if self.state is not ReceiptState.POSTED:
            return Decimal(0)
        return self.amount - self.settled - self.refunded - self.forfeited

    def __str__(self) -> str:
        return self.number or self.payer_name or f"#{self.id}"
