"""The ledger of money: postings whose entries balance, and which nobody changes afterwards (P:PAY-02)."""

import datetime as dt
from decimal import Decimal
from typing import Any, NoReturn

from sqlalchemy import CheckConstraint, String, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from addons.payments.choices import Account, AllocationKind, PostingKind
from addons.payments.models.place import Place
from addons.payments.models.receipt import Receipt
from addons.payments.models.receivable import Receivable
from app.sdk.models import CompanyModel, Money, Owned, UtcDateTime, choice, many_to_one, reference


class Entry(CompanyModel):
    """One side of a posting: debit is above zero, credit below."""

    __tablename__ = "payments_entry"
    __table_args__ = (CheckConstraint("amount <> 0", name="amount"),)
    __title__ = "id"

    posting_id: Mapped[int] = reference("payments_posting")
    account: Mapped[Account] = choice(Account)
    amount: Mapped[Decimal] = mapped_column(Money)
    place_id: Mapped[int | None] = reference("payments_place", nullable=True)  # Of cash.

    place: Mapped[Place | None] = many_to_one("Entry.place_id", "Place.id")


class Posting(Owned, CompanyModel):
    """What happened to money at one moment. `owner` is who did it."""

    __tablename__ = "payments_posting"
    __title__ = "id"

    kind: Mapped[PostingKind] = choice(PostingKind)
    posted_on: Mapped[dt.date]
    posted_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    month: Mapped[str] = mapped_column(String(7))
    legal_entity_id: Mapped[int | None] = reference("companies_legal_entity", nullable=True)
    receipt_id: Mapped[int | None] = reference("payments_receipt", nullable=True)
    receivable_id: Mapped[int | None] = reference("payments_receivable", nullable=True)
    reverses_id: Mapped[int | None] = reference("payments_posting", nullable=True)

    receipt: Mapped[Receipt | None] = many_to_one("Posting.receipt_id", "Receipt.id")
    receivable: Mapped[Receivable | None] = many_to_one("Posting.receivable_id", "Receivable.id")
    reverses: Mapped["Posting | None"] = many_to_one("Posting.reverses_id", "Posting.id")
    entries: Mapped[list[Entry]] = relationship(
        Entry, primaryjoin="Posting.id == foreign(Entry.posting_id)", order_by=Entry.id
    )


class Allocation(CompanyModel):
    """What a receipt's money was used for; below zero takes back what was used before."""

    __tablename__ = "payments_allocation"
    __table_args__ = (CheckConstraint("amount <> 0", name="amount"),)
    __title__ = "id"

    posting_id: Mapped[int] = reference("payments_posting")
    receipt_id: Mapped[int] = reference("payments_receipt")
    receivable_id: Mapped[int | None] = reference("payments_receivable", nullable=True)
    kind: Mapped[AllocationKind] = choice(AllocationKind)
    amount: Mapped[Decimal] = mapped_column(Money)

    posting: Mapped[Posting] = many_to_one("Allocation.posting_id", "Posting.id")
    receipt: Mapped[Receipt] = many_to_one("Allocation.receipt_id", "Receipt.id")
    receivable: Mapped[Receivable | None] = many_to_one("Allocation.receivable_id", "Receivable.id")

    @property
    def posted_at(self) -> dt.datetime:
        """When it was posted."""
        return self.posting.posted_at


class LedgerError(RuntimeError):
    """Code tried to change the ledger, or to post what does not balance. A bug, never a user's mistake."""


def _refuse_change(_mapper: Any, _connection: Any, row: Any) -> NoReturn:
    raise LedgerError(f"{type(row).__name__} is append-only: reverse it")


def _check_balance(_mapper: Any, _connection: Any, posting: Posting) -> None:
    total = sum((entry.amount for entry in posting.entries), Decimal(0))
    if total or len(posting.entries) < 2:
        raise LedgerError(f"a posting of {len(posting.entries)} entries is out of balance by {total}")


for _model in (Entry, Posting, Allocation):
    event.listen(_model, "before_update", _refuse_change)
    event.listen(_model, "before_delete", _refuse_change)
event.listen(Posting, "before_insert", _check_balance)
