"""A month of a legal entity's books."""

from sqlalchemy import Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from addons.payments.choices import PeriodState
from app.sdk.models import CompanyModel, LegalEntity, choice, many_to_one, reference


class Period(CompanyModel):
    """Its row is the lock under which everything is posted, and a closed one takes nothing more (S:PAY-05)."""

    __tablename__ = "payments_period"
    __table_args__ = (
        UniqueConstraint("company_id", "legal_entity_id", "month"),
        Index(  # NULL never equals NULL: documents of no entity share one period.
            "payments_period_without_entity", "company_id", "month", unique=True,
            sqlite_where=text("legal_entity_id IS NULL"), postgresql_where=text("legal_entity_id IS NULL"),
        ),
    )  # fmt: skip
    __title__ = "month"

    month: Mapped[str] = mapped_column(String(7))  # '2026-03'
    legal_entity_id: Mapped[int | None] = reference("companies_legal_entity", nullable=True)
    state: Mapped[PeriodState] = choice(PeriodState, PeriodState.OPEN)

    legal_entity: Mapped[LegalEntity | None] = many_to_one("Period.legal_entity_id", "LegalEntity.id")
