"""A discount request (优惠申请): preferential terms for a reservation, reviewed by several and decided by one."""

import datetime as dt
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from addons.orders.choices import DiscountState
from addons.orders.models.discount_line import DiscountLine
from addons.orders.models.reservation import Reservation
from app.sdk.masterdata import Partner
from app.sdk.models import Document, Money, Quantity, User, UtcDateTime, choice, many_to_one, reference


class DiscountRequest(Document):
    """What is asked, and what was granted, in yuan off the list total; `revision` counts the rounds (P:PRI-03 to 08).

    `percent` is what is asked in per cent of the list total. The late days are natural days after the limit.
    """

    __tablename__ = "orders_discount_request"
    __table_args__ = (CheckConstraint("net > 0 AND granted_net > 0", name="net"),)
    __title__ = "number"
    __grantable__ = "partner_id"
    __search__ = ("number", "partner_name")
    __personal__ = ("partner_name", "note", "custom", "decision", "terms")

    state: Mapped[DiscountState] = choice(DiscountState, DiscountState.DRAFT)
    reservation_id: Mapped[int] = reference("orders_reservation")
    partner_id: Mapped[int] = reference("masterdata_partner")
    partner_name: Mapped[str] = mapped_column(String(200))
    list_total: Mapped[Decimal] = mapped_column(Money)
    percent: Mapped[Decimal] = mapped_column(Quantity)
    terms: Mapped[str] = mapped_column(String(400))  # All of them in words: 3 %, −10,000.00, free parking.
    net: Mapped[Decimal] = mapped_column(Money)  # What the reservation comes to with the terms asked for.
    granted: Mapped[Decimal | None] = mapped_column(Money)  # Off the list total, as it was decided.
    granted_net: Mapped[Decimal | None] = mapped_column(Money)
    submitted_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    reviewed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    forwarded_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    forwarded_late: Mapped[int] = mapped_column(default=0)
    decision: Mapped[str | None] = mapped_column(String(2_000))  # The general manager's signed opinion.
    decided_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    reminded_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    issued_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    issued_late: Mapped[int] = mapped_column(default=0)
    note: Mapped[str | None] = mapped_column(String(400))  # What speaks for it, from the customer's file.

    reservation: Mapped[Reservation] = many_to_one("DiscountRequest.reservation_id", "Reservation.id")
    partner: Mapped[Partner] = many_to_one("DiscountRequest.partner_id", "Partner.id")
    decided_by: Mapped[User | None] = relationship(User, foreign_keys=[decided_by_id])
    lines: Mapped[list[DiscountLine]] = relationship(
        DiscountLine,
        primaryjoin="DiscountRequest.id == foreign(DiscountLine.discount_request_id)",
        order_by=DiscountLine.position,
        cascade="all, delete-orphan",
    )

    def __str__(self) -> str:
        return self.number or self.partner_name or f"#{self.id}"
