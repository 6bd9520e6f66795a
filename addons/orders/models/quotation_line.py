"""One product of a quotation."""

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped

from addons.orders.models.line import Line
from app.sdk.models import reference


class QuotationLine(Line):
    """What is offered, and for how much."""

    __tablename__ = "orders_quotation_line"
    __table_args__ = (CheckConstraint("quantity > 0 AND unit_price IS NOT NULL AND unit_price >= 0", name="amounts"),)

    quotation_id: Mapped[int] = reference("orders_quotation")
