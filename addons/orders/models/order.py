"""A sales order."""

import datetime as dt
from decimal import Decimal

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from addons.orders.choices import BusinessType, OrderForm, OrderState, PaymentMethod, SalesChannel
from addons.orders.models.order_check import OrderCheck
from addons.orders.models.order_line import OrderLine
from addons.orders.models.reservation import Reservation
from app.sdk.masterdata import Partner
from app.sdk.models import Document, Money, User, UtcDateTime, choice, many_to_one, reference


class Order(Document):
    """`stated_total` is what the customer's paper says; it must be what the lines come to (P:ORD-05)."""

    __tablename__ = "orders_order"
    __title__ = "number"
    __grantable__ = "partner_id"
    __search__ = ("number", "partner_name", "customer_number")
    __personal__ = ("partner_name", "note", "custom")
    __no_terms__ = ("written_at", "customer_number")

    state: Mapped[OrderState] = choice(OrderState, OrderState.DRAFT)
    form: Mapped[OrderForm] = choice(OrderForm, OrderForm.WRITTEN)
    business_type: Mapped[BusinessType] = choice(BusinessType, BusinessType.DOMESTIC)
    partner_id: Mapped[int] = reference("masterdata_partner")
    partner_name: Mapped[str] = mapped_column(String(200))  # As the partner was called when it was confirmed.
    reservation_id: Mapped[int | None] = reference("orders_reservation", nullable=True)
    customer_number: Mapped[str | None] = mapped_column(String(60))  # The number on the customer's own paper.
    channel: Mapped[SalesChannel | None] = choice(SalesChannel, nullable=True)
    promised_on: Mapped[dt.date]
    payment_method: Mapped[PaymentMethod] = choice(PaymentMethod)
    due_on: Mapped[dt.date]
    stated_total: Mapped[Decimal | None] = mapped_column(Money)
    net: Mapped[Decimal] = mapped_column(Money)
    tax: Mapped[Decimal] = mapped_column(Money)
    gross: Mapped[Decimal] = mapped_column(Money)
    audited_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    audited_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    finance_audited_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    finance_audited_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    writing_due_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)  # Of a verbal order (S:ORD-01).
    written_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    writing_missed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    noted_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)  # When its progress was last told (S:ORD-08).
    closed_on: Mapped[dt.date | None]
    filed_on: Mapped[dt.date | None]
    filed_under: Mapped[str | None] = mapped_column(String(80))  # Where its papers are (S:ORD-22).
    filing_missed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    note: Mapped[str | None] = mapped_column(String(400))

    partner: Mapped[Partner] = many_to_one("addons.orders.models.order.Order.partner_id", "Partner.id")
    reservation: Mapped[Reservation | None] = many_to_one(
        "addons.orders.models.order.Order.reservation_id", "Reservation.id"
    )
    audited_by: Mapped[User | None] = relationship(User, foreign_keys=[audited_by_id])
    finance_audited_by: Mapped[User | None] = relationship(User, foreign_keys=[finance_audited_by_id])
    lines: Mapped[list[OrderLine]] = relationship(
        OrderLine,
        primaryjoin=lambda: Order.id == foreign(OrderLine.order_id),
        order_by=OrderLine.position,
        cascade="all, delete-orphan",
    )
    checks: Mapped[list[OrderCheck]] = relationship(
        OrderCheck,
        primaryjoin=lambda: Order.id == foreign(OrderCheck.order_id),
        order_by=OrderCheck.id,
        cascade="all, delete-orphan",
    )

    def __str__(self) -> str:
        return self.number or self.partner_name or f"#{self.id}"
