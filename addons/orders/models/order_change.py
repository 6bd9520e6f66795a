"""A change of a confirmed order: negotiated, assessed, approved, applied."""

import datetime as dt
from decimal import Decimal

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from addons.orders.choices import ChangeState
from addons.orders.models.change_line import ChangeLine
from addons.orders.models.order import Order
from app.sdk.models import Document, Money, choice, many_to_one, reference


class OrderChange(Document):
    """What is to be different, why, and what that means for the company (S:ORD-10)."""

    __tablename__ = "orders_order_change"
    __title__ = "number"
    __search__ = ("number",)
    __personal__ = ("reason", "impact", "custom")

    state: Mapped[ChangeState] = choice(ChangeState, ChangeState.DRAFT)
    order_id: Mapped[int] = reference("orders_order")
    reason: Mapped[str] = mapped_column(String(400))
    promised_on: Mapped[dt.date | None]  # The new day; blank: as before.
    impact: Mapped[str | None] = mapped_column(String(400))  # What it means for production, purchasing and delivery.
    amount_before: Mapped[Decimal] = mapped_column(Money)
    amount_after: Mapped[Decimal] = mapped_column(Money)

    order: Mapped[Order] = many_to_one("OrderChange.order_id", "addons.orders.models.order.Order.id")
    lines: Mapped[list[ChangeLine]] = relationship(
        ChangeLine,
        primaryjoin="OrderChange.id == foreign(ChangeLine.change_id)",
        order_by=ChangeLine.position,
        cascade="all, delete-orphan",
    )

    @property
    def difference(self) -> Decimal:
        """By how much the order's total changes."""
        return self.amount_after - self.amount_before

    def __str__(self) -> str:
        return self.number or f"#{self.id}"
