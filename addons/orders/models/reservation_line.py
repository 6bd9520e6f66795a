"""One product of a reservation."""

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped

from addons.orders.models.line import Line
from app.sdk.models import reference


class ReservationLine(Line):
    """What the customer reserves, and for how much."""

    __tablename__ = "orders_reservation_line"
    __table_args__ = (CheckConstraint("quantity > 0 AND unit_price IS NOT NULL AND unit_price >= 0", name="amounts"),)

    reservation_id: Mapped[int] = reference("orders_reservation")
