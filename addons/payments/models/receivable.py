"""A receivable: what a partner owes, for a document or for something typed by hand."""

import datetime as dt
from decimal import Decimal

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from addons.payments.choices import ReceivableKind, ReceivableState
from app.sdk.documents import DocumentRef
from app.sdk.masterdata import Partner
from app.sdk.models import Document, Money, choice, many_to_one, reference


class Receivable(Document):
    """`settled` and `waived` repeat what its allocations and postings sum up to, so that lists can sort by them."""

    __tablename__ = "payments_receivable"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("settled >= 0 AND waived >= 0 AND settled + waived <= amount", name="settled"),
    )
    __title__ = "number"
    __grantable__ = "partner_id"
    __search__ = ("number", "subject")
    __personal__ = ("subject", "note", "custom")

    state: Mapped[ReceivableState] = choice(ReceivableState, ReceivableState.DRAFT)
    kind: Mapped[ReceivableKind] = choice(ReceivableKind, ReceivableKind.BALANCE)
    source_id: Mapped[int | None] = reference("documents_ref", nullable=True)
    partner_id: Mapped[int] = reference("masterdata_partner")
    subject: Mapped[str | None] = mapped_column(String(200))
    amount: Mapped[Decimal] = mapped_column(Money)
    base_amount: Mapped[Decimal | None] = mapped_column(Money)  # The total of the deal, of which a deposit is a part.
    settled: Mapped[Decimal] = mapped_column(Money, default=Decimal(0))
    waived: Mapped[Decimal] = mapped_column(Money, default=Decimal(0))
    due_on: Mapped[dt.date]
    dunned_on: Mapped[dt.date | None]
    note: Mapped[str | None] = mapped_column(String(400))

    partner: Mapped[Partner] = many_to_one("Receivable.partner_id", "Partner.id")
    source: Mapped[DocumentRef | None] = many_to_one("Receivable.source_id", "DocumentRef.id")

    @property
    def open_amount(self) -> Decimal:
        """What is still to be paid."""
        return self.amount - self.settled - self.waived

    def due_from(self, on: dt.date) -> dt.date:
        """Return the day on which it is due: while it is dated later than `on`, not before its own date (S:PAY-09)."""
        return max(self.due_on, self.doc_date) if self.doc_date > on else self.due_on

    def __str__(self) -> str:
        return self.number or self.subject or f"#{self.id}"
