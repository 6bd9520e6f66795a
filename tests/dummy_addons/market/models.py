"""Tables of orders."""

import datetime as dt
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.sdk.models import (
    CompanyModel,
    Employee,
    Money,
    OrgUnit,
    Owned,
    Quantity,
    UtcDateTime,
    choice,
    many_to_one,
    reference,
)


class OrderState(StrEnum):
    """Where an order stands."""

    DRAFT = "draft"
    SENT = "sent"
    PAID = "paid"
    CANCELLED = "cancelled"


class OrderLine(CompanyModel):
    """One thing ordered."""

    __tablename__ = "market_line"
    __table_args__ = (UniqueConstraint("company_id", "order_id", "item"),)
    __title__ = "item"

    order_id: Mapped[int] = reference("market_order", index=False)
    position: Mapped[int]
    item: Mapped[str] = mapped_column(String(80))
    quantity: Mapped[Decimal] = mapped_column(Quantity)
    price: Mapped[Decimal | None] = mapped_column(Money)
    is_gift: Mapped[bool] = mapped_column(default=False)
    unit_id: Mapped[int | None] = reference("companies_org_unit", nullable=True, index=False)
    unit: Mapped[OrgUnit | None] = many_to_one("addons.market.models.OrderLine.unit_id", "OrgUnit.id")


class Order(Owned, CompanyModel):
    """What a customer wants."""

    __tablename__ = "market_order"
    __table_args__ = (Index(None, "company_id", "number", unique=True),)
    __title__ = "number"
    __search__ = ("number", "customer")

    number: Mapped[str] = mapped_column(String(20))
    customer: Mapped[str] = mapped_column(String(80))
    phone: Mapped[str | None] = mapped_column(String(20))
    ordered_on: Mapped[dt.date]
    deliver_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    is_urgent: Mapped[bool] = mapped_column(default=False)
    boxes: Mapped[int | None]
    discount: Mapped[Decimal | None] = mapped_column(Money)
    weight: Mapped[Decimal | None] = mapped_column(Quantity)
    channel: Mapped[str] = mapped_column(String(20), default="")
    note: Mapped[str | None] = mapped_column(Text)
    keeper_id: Mapped[int | None] = reference("companies_employee", nullable=True)
    state: Mapped[OrderState] = choice(OrderState, default=OrderState.DRAFT)

    keeper: Mapped[Employee | None] = many_to_one("addons.market.models.Order.keeper_id", "Employee.id")
    lines: Mapped[list[OrderLine]] = relationship(
        OrderLine,
        primaryjoin="addons.market.models.Order.id == foreign(addons.market.models.OrderLine.order_id)",
        order_by=OrderLine.position,
        cascade="all, delete-orphan",
    )
