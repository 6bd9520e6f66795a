"""A proposal to give up what cannot be collected."""

from decimal import Decimal

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from addons.payments.choices import BadDebtState
from addons.payments.models.receivable import Receivable
from app.sdk.models import CompanyModel, Money, Owned, choice, many_to_one, reference


class BadDebt(Owned, CompanyModel):
    """Proposed by one person, approved by another, then written off; it may be owed again (S:PAY-10)."""

    __tablename__ = "payments_bad_debt"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("recovered >= 0 AND recovered <= amount", name="recovered"),
    )
    __title__ = "reason"
    __personal__ = ("reason", "custom")

    receivable_id: Mapped[int] = reference("payments_receivable")
    amount: Mapped[Decimal] = mapped_column(Money)
    recovered: Mapped[Decimal] = mapped_column(Money, default=Decimal(0), server_default="0")  # What is owed again.
    reason: Mapped[str] = mapped_column(String(200))
    state: Mapped[BadDebtState] = choice(BadDebtState, BadDebtState.PROPOSED)

    receivable: Mapped[Receivable] = many_to_one("BadDebt.receivable_id", "Receivable.id")
