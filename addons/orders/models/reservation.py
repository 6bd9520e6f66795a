"""A reservation form (预定书): what a customer takes, for how much, and the deposit on it."""

import datetime as dt
from decimal import Decimal

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from addons.orders.choices import ReservationState
from addons.orders.models.reservation_line import ReservationLine
from app.sdk.masterdata import Partner
from app.sdk.models import Document, Money, UtcDateTime, choice, many_to_one, reference


class Reservation(Document):
    """`revision` counts the amendments of a signed form; what was signed before is kept as a version (P:ORD-03)."""

    __tablename__ = "orders_reservation"
    __table_args__ = (CheckConstraint("deposit >= 0 AND deposit <= gross", name="deposit"),)
    __title__ = "number"
    __grantable__ = "partner_id"
    __search__ = ("number", "partner_name")
    __personal__ = ("partner_name", "note", "custom")

    state: Mapped[ReservationState] = choice(ReservationState, ReservationState.DRAFT)
    partner_id: Mapped[int] = reference("masterdata_partner")
    partner_name: Mapped[str] = mapped_column(String(200))  # As the partner was called when it was signed.
    deposit: Mapped[Decimal] = mapped_column(Money)
    deposit_due_on: Mapped[dt.date]
    valid_until: Mapped[dt.date | None]  # The last day on which it holds; set on signing.
    signed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    extended_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    net: Mapped[Decimal] = mapped_column(Money)
    tax: Mapped[Decimal] = mapped_column(Money)
    gross: Mapped[Decimal] = mapped_column(Money)
    note: Mapped[str | None] = mapped_column(String(400))

    partner: Mapped[Partner] = many_to_one("Reservation.partner_id", "Partner.id")
    lines: Mapped[list[ReservationLine]] = relationship(
        ReservationLine,
        primaryjoin="Reservation.id == foreign(ReservationLine.reservation_id)",
        order_by=ReservationLine.position,
        cascade="all, delete-orphan",
    )

    def __str__(self) -> str:
        return self.number or self.partner_name or f"#{self.id}"
