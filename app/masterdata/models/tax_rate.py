"""The tax on a category of products from a day on."""

import datetime as dt
from decimal import Decimal

from sqlalchemy import CheckConstraint, Date, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import CompanyModel
from app.database.columns import Quantity, choice
from app.masterdata.choices import TaxKind


class TaxRate(CompanyModel):
    """A rate as a share of the net amount: 0.13 is 13 %. It holds until the category's next rate."""

    __tablename__ = "masterdata_tax_rate"
    __table_args__ = (
        UniqueConstraint("company_id", "category", "valid_from"),
        # Stored in millionths; only taxed goods have a rate above nothing.
        CheckConstraint("rate >= 0 AND rate < 1000000 AND (kind = 'taxed' OR rate = 0)", name="rate"),
    )

    category: Mapped[str] = mapped_column(String(40))
    kind: Mapped[TaxKind] = choice(TaxKind, TaxKind.TAXED)
    rate: Mapped[Decimal] = mapped_column(Quantity)
    valid_from: Mapped[dt.date] = mapped_column(Date)

    def __str__(self) -> str:
        return f"{self.category} {self.valid_from}"
