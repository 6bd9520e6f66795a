"""A guarantee (担保): what stands for an order beyond the customer's credit."""

from decimal import Decimal

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from addons.orders.choices import GuaranteeKind
from addons.orders.models.order import Order
from app.sdk.models import CompanyModel, Money, choice, many_to_one, reference


class Guarantee(CompanyModel):
    """So much is secured, by whom and how (S:ORD-04)."""

    __tablename__ = "orders_guarantee"
    __table_args__ = (CheckConstraint("amount > 0", name="amount"),)
    __title__ = "guarantor"
    __personal__ = ("guarantor", "note", "custom")

    order_id: Mapped[int] = reference("orders_order")
    kind: Mapped[GuaranteeKind] = choice(GuaranteeKind, GuaranteeKind.SURETY)
    guarantor: Mapped[str] = mapped_column(String(120))
    amount: Mapped[Decimal] = mapped_column(Money)
    note: Mapped[str | None] = mapped_column(String(200))

    order: Mapped[Order] = many_to_one("Guarantee.order_id", "addons.orders.models.order.Order.id")
