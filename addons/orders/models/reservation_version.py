"""A signed version of a reservation that was amended since."""

import datetime as dt
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk.models import CompanyModel, Money, UtcDateTime, reference


class ReservationVersion(CompanyModel):
    """What was signed, as it was (P:ORD-03); `lines` repeats its lines in words. Never changed."""

    __tablename__ = "orders_reservation_version"
    __table_args__ = (UniqueConstraint("company_id", "reservation_id", "revision"),)
    __title__ = "revision"
    __personal__ = ("custom",)
    __quotes__ = ("reason",)

    reservation_id: Mapped[int] = reference("orders_reservation", index=False)  # The unique key serves as its index.
    revision: Mapped[int]
    signed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    net: Mapped[Decimal] = mapped_column(Money)
    tax: Mapped[Decimal] = mapped_column(Money)
    gross: Mapped[Decimal] = mapped_column(Money)
    deposit: Mapped[Decimal] = mapped_column(Money)
    reason: Mapped[str] = mapped_column(String(200))  # Why it was amended.
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
