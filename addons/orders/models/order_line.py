"""One product of a sales order."""

from decimal import Decimal

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from addons.orders.models.line import Line
from app.sdk.models import Quantity, reference


class OrderLine(Line):
    """What is ordered; nothing is delivered that was not shipped, nor shipped that was not ordered (S:ORD-13)."""

    __tablename__ = "orders_order_line"
    __table_args__ = (
        CheckConstraint("quantity > 0 AND unit_price IS NOT NULL AND unit_price >= 0", name="amounts"),
        CheckConstraint("0 <= delivered AND delivered <= shipped AND shipped <= quantity", name="delivery"),
    )

    order_id: Mapped[int] = reference("orders_order")
    shipped: Mapped[Decimal] = mapped_column(Quantity, default=Decimal(0))
    delivered: Mapped[Decimal] = mapped_column(Quantity, default=Decimal(0))
