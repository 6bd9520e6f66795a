"""A return order (退换货订单): what a customer sends back, for his money or for the same goods anew."""

import datetime as dt
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from addons.orders.choices import ReturnState, ReturnWish
from addons.orders.models.order import Order
from addons.orders.models.return_line import ReturnLine
from app.sdk.models import Document, Money, User, UtcDateTime, choice, many_to_one, reference


class ReturnOrder(Document):
    """`refund` goes back to the customer; what the goods were worth beyond it is taken off what he still owes."""

    __tablename__ = "orders_return"
    __table_args__ = (CheckConstraint("refund >= 0 AND refund <= gross", name="refund"),)
    __title__ = "number"
    __search__ = ("number", "partner_name")
    __personal__ = ("partner_name", "reason", "custom")
    __grantable__ = "partner_id"

    state: Mapped[ReturnState] = choice(ReturnState, ReturnState.REQUESTED)
    order_id: Mapped[int] = reference("orders_order")
    partner_id: Mapped[int] = reference("masterdata_partner")  # The order's, so that grants and searches find it.
    partner_name: Mapped[str] = mapped_column(String(200))
    wish: Mapped[ReturnWish] = choice(ReturnWish, ReturnWish.REFUND)
    handed_over_on: Mapped[dt.date]  # When the customer got the goods: the window for returns begins on that day.
    reason: Mapped[str] = mapped_column(String(400))
    refund: Mapped[Decimal] = mapped_column(Money)
    net: Mapped[Decimal] = mapped_column(Money)
    tax: Mapped[Decimal] = mapped_column(Money)
    gross: Mapped[Decimal] = mapped_column(Money)
    approved_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    received_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    replacement_id: Mapped[int | None] = reference("orders_order", nullable=True)

    order: Mapped[Order] = many_to_one("ReturnOrder.order_id", "addons.orders.models.order.Order.id")
    replacement: Mapped[Order | None] = many_to_one("ReturnOrder.replacement_id", "addons.orders.models.order.Order.id")
    approved_by: Mapped[User | None] = relationship(User, foreign_keys=[approved_by_id])
    lines: Mapped[list[ReturnLine]] = relationship(
        ReturnLine,
        primaryjoin="ReturnOrder.id == foreign(ReturnLine.return_id)",
        order_by=ReturnLine.position,
        cascade="all, delete-orphan",
    )

    def __str__(self) -> str:
        return self.number or self.partner_name or f"#{self.id}"
