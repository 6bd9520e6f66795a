"""What a customer was graded, when and why."""

import datetime as dt
from decimal import Decimal

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from addons.reception.choices import Grade, GradingState
from addons.reception.models.customer import Customer
from app.sdk.models import CompanyModel, Owned, Quantity, choice, many_to_one, reference


class Grading(Owned, CompanyModel):
    """A grade proposed once a quarter, with everything it was worked out from (S:REC-08, S:REC-09)."""

    __tablename__ = "reception_grading"
    __table_args__ = (UniqueConstraint("company_id", "customer_id", "quarter"),)

    customer_id: Mapped[int] = reference("reception_customer", index=False)  # The unique key serves as its index.
    quarter: Mapped[str] = mapped_column(String(7))  # 2026-Q4
    on: Mapped[dt.date]
    volume_score: Mapped[int]
    frequency_score: Mapped[int]
    potential_score: Mapped[int]
    loyalty_score: Mapped[int]
    weights: Mapped[str] = mapped_column(String(60))  # In per cent, in the order of the scores: "40/30/20/10".
    cuts: Mapped[str] = mapped_column(String(30))  # From which score on A, from which B: "80/50".
    score: Mapped[Decimal] = mapped_column(Quantity)
    grade: Mapped[Grade] = choice(Grade)
    former_grade: Mapped[str | None] = mapped_column(String(1))
    state: Mapped[GradingState] = choice(GradingState, GradingState.PROPOSED)

    customer: Mapped[Customer] = many_to_one("Grading.customer_id", "Customer.id")

    def __str__(self) -> str:
        return f"{self.quarter} {self.customer}"
