"""One product that is returned."""

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped

from addons.orders.models.line import Line
from app.sdk.models import reference


class ReturnLine(Line):
    """How much of an order's line comes back, at the price that was paid for it."""

    __tablename__ = "orders_return_line"
    __table_args__ = (CheckConstraint("quantity > 0 AND unit_price IS NOT NULL AND unit_price >= 0", name="amounts"),)

    return_id: Mapped[int] = reference("orders_return")
    order_line_id: Mapped[int] = reference("orders_order_line")
