"""What a currency was worth on a day."""

import datetime as dt
from decimal import Decimal

from sqlalchemy import CheckConstraint, Date, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import CompanyModel
from app.database.columns import Quantity, many_to_one, reference
from app.masterdata.models.currency import Currency


class FxRate(CompanyModel):
    """Yuan for one unit of a currency, from a day until the next rate."""

    __tablename__ = "masterdata_fx_rate"
    __table_args__ = (
        UniqueConstraint("company_id", "currency_id", "valid_from"),
        CheckConstraint("rate > 0", name="rate_positive"),
    )

    currency_id: Mapped[int] = reference("masterdata_currency", index=False)  # The unique key serves as its index.
    valid_from: Mapped[dt.date] = mapped_column(Date)
    rate: Mapped[Decimal] = mapped_column(Quantity)

    currency: Mapped[Currency] = many_to_one("FxRate.currency_id", "Currency.id")

    def __str__(self) -> str:
        return f"{self.currency} {self.valid_from}"
