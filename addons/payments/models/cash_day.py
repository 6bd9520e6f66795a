"""A day of a cash desk, counted and locked."""

import datetime as dt
from decimal import Decimal

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from addons.payments.choices import CashDayState
from addons.payments.models.place import Place
from app.sdk.models import CompanyModel, Money, Owned, UtcDateTime, choice, many_to_one, reference


class CashDay(Owned, CompanyModel):
    """Opened by the day's first cash. What it sums up is written down when it is handed in (S:RE-07)."""

    __tablename__ = "payments_cash_day"
    __table_args__ = (UniqueConstraint("company_id", "place_id", "day"),)
    __title__ = "day"

    place_id: Mapped[int] = reference("payments_place", index=False)
    day: Mapped[dt.date]
    state: Mapped[CashDayState] = choice(CashDayState, CashDayState.OPEN)
    opening: Mapped[Decimal | None] = mapped_column(Money)
    taken_in: Mapped[Decimal | None] = mapped_column(Money)
    paid_out: Mapped[Decimal | None] = mapped_column(Money)
    counted: Mapped[Decimal | None] = mapped_column(Money)
    difference: Mapped[Decimal | None] = mapped_column(Money)  # Counted less what the ledger says.
    explanation: Mapped[str | None] = mapped_column(String(200))
    submitted_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    minutes_late: Mapped[int | None]

    place: Mapped[Place] = many_to_one("CashDay.place_id", "Place.id")

    @property
    def expected(self) -> Decimal | None:
        """What should be in the desk."""
        if self.opening is None or self.taken_in is None or self.paid_out is None:
            return None
        return self.opening + self.taken_in - self.paid_out

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}"
