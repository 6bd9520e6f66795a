"""A cashier's shift at a cash desk, and its hand-over."""

import datetime as dt
from decimal import Decimal

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from addons.payments.choices import ShiftState
from addons.payments.models.place import Place
from app.sdk.models import CompanyModel, Employee, Money, Owned, UtcDateTime, choice, many_to_one, reference
from app.sdk.organisation import active_zone


class Shift(Owned, CompanyModel):
    """One cashier answers for the desk from the count at the beginning to the count at the end."""

    __tablename__ = "payments_shift"
    __title__ = "opened_at"

    place_id: Mapped[int] = reference("payments_place")
    state: Mapped[ShiftState] = choice(ShiftState, ShiftState.OPEN)
    opened_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    opening: Mapped[Decimal] = mapped_column(Money)
    closed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    expected: Mapped[Decimal | None] = mapped_column(Money)
    counted: Mapped[Decimal | None] = mapped_column(Money)
    difference: Mapped[Decimal | None] = mapped_column(Money)
    explanation: Mapped[str | None] = mapped_column(String(200))
    receiver_id: Mapped[int | None] = reference("companies_employee", nullable=True)

    place: Mapped[Place] = many_to_one("Shift.place_id", "Place.id")
    receiver: Mapped[Employee | None] = many_to_one("Shift.receiver_id", "Employee.id")

    def __str__(self) -> str:
        return f"{self.place} {self.opened_at.astimezone(active_zone()):%Y-%m-%d %H:%M}"
