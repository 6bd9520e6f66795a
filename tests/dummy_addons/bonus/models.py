"""Tables of bonus."""

from decimal import Decimal

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk.models import CompanyModel, Money, reference


class BonusEntry(CompanyModel):
    """What one visit earned, in yuan. One entry per visit, so hearing an event twice adds nothing."""

    __tablename__ = "bonus_entry"
    __table_args__ = (UniqueConstraint("company_id", "visit_id"),)

    visit_id: Mapped[int] = reference("visits_visit", index=False)
    amount: Mapped[Decimal] = mapped_column(Money)
