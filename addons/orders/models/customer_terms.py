"""What the company grants one customer: credit, and how much is paid beforehand."""

from decimal import Decimal

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk.masterdata import Partner
from app.sdk.models import CompanyModel, Money, Quantity, many_to_one, reference


class CustomerTerms(CompanyModel):
    """One row per customer who has terms of his own (S:ORD-04, S:PAY-03)."""

    __tablename__ = "orders_customer_terms"
    __table_args__ = (
        UniqueConstraint("company_id", "partner_id"),
        CheckConstraint("credit_limit >= 0 AND prepayment >= 0 AND prepayment <= 100000000", name="terms"),
    )
    __title__ = "id"
    __personal__ = ("note", "custom")

    partner_id: Mapped[int] = reference("masterdata_partner", index=False)  # The unique key serves as its index.
    credit_limit: Mapped[Decimal | None] = mapped_column(Money)  # Blank: no limit.
    prepayment: Mapped[Decimal | None] = mapped_column(Quantity)  # Per cent of an order; blank: the company's usual.
    note: Mapped[str | None] = mapped_column(String(200))

    partner: Mapped[Partner] = many_to_one("CustomerTerms.partner_id", "Partner.id")

    def __str__(self) -> str:
        return str(self.partner)
