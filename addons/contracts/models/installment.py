"""A part of the payment plan of a contract."""

import datetime as dt
from decimal import Decimal

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from addons.payments.api import ReceivableKind
from app.sdk.models import CompanyModel, Money, choice, reference


class Installment(CompanyModel):
    """So much by a day; signing opens a receivable for it."""

    __tablename__ = "contracts_installment"
    __table_args__ = (CheckConstraint("amount > 0", name="amount"),)
    __title__ = "note"

    contract_id: Mapped[int] = reference("contracts_contract")
    position: Mapped[int]
    kind: Mapped[ReceivableKind] = choice(ReceivableKind, ReceivableKind.BALANCE)
    amount: Mapped[Decimal] = mapped_column(Money)
    due_on: Mapped[dt.date]
    note: Mapped[str | None] = mapped_column(String(120))
    receivable_id: Mapped[int | None] = reference("payments_receivable", nullable=True)
