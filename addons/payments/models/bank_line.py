"""A line of a bank statement, and what it was matched with."""

import datetime as dt
from decimal import Decimal

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from addons.payments.choices import BankLineState
from addons.payments.models.bank_statement import BankStatement
from addons.payments.models.place import Place
from addons.payments.models.receipt import Receipt
from addons.payments.models.refund import Refund
from app.sdk.models import CompanyModel, Money, Owned, choice, many_to_one, reference


class BankLine(Owned, CompanyModel):
    """Money that the bank saw come in, above zero, or go out. `owner` is who took the statement in."""

    __tablename__ = "payments_bank_line"
    __table_args__ = (CheckConstraint("amount <> 0", name="amount"),)
    __title__ = "bank_ref"
    __search__ = ("bank_ref", "payer_name", "memo")
    __personal__ = ("payer_name", "payer_account", "memo", "reason", "custom")

    state: Mapped[BankLineState] = choice(BankLineState, BankLineState.OPEN)
    statement_id: Mapped[int] = reference("payments_bank_statement")
    place_id: Mapped[int] = reference("payments_place")
    row: Mapped[int]  # In the file.
    booked_on: Mapped[dt.date]
    amount: Mapped[Decimal] = mapped_column(Money)
    payer_name: Mapped[str | None] = mapped_column(String(200))
    payer_account: Mapped[str | None] = mapped_column(String(60))
    bank_ref: Mapped[str | None] = mapped_column(String(60), index=True)
    memo: Mapped[str | None] = mapped_column(String(400))
    balance: Mapped[Decimal | None] = mapped_column(Money)
    receipt_id: Mapped[int | None] = reference("payments_receipt", nullable=True)
    refund_id: Mapped[int | None] = reference("payments_refund", nullable=True)
    booked: Mapped[bool] = mapped_column(default=False)  # The receipt was written from this line.
    reason: Mapped[str | None] = mapped_column(String(200))  # Why it is ignored.

    statement: Mapped[BankStatement] = many_to_one("BankLine.statement_id", "BankStatement.id")
    place: Mapped[Place] = many_to_one("BankLine.place_id", "Place.id")
    receipt: Mapped[Receipt | None] = many_to_one("BankLine.receipt_id", "Receipt.id")
    refund: Mapped[Refund | None] = many_to_one("BankLine.refund_id", "Refund.id")

    def __str__(self) -> str:
        return self.bank_ref or f"{self.booked_on:%Y-%m-%d} {self.amount:,.2f}"
