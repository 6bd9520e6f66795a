"""One preferential term that is asked for."""

from decimal import Decimal

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from addons.orders.choices import DiscountKind
from app.sdk.models import CompanyModel, Quantity, choice, reference


class DiscountLine(CompanyModel):
    """`value` is per cent of the list total, or yuan off it; of a gift it is the worth in yuan, for information."""

    __tablename__ = "orders_discount_line"
    __table_args__ = (CheckConstraint("value > 0", name="value"),)
    __title__ = "description"

    discount_request_id: Mapped[int] = reference("orders_discount_request")
    position: Mapped[int]
    kind: Mapped[DiscountKind] = choice(DiscountKind)
    value: Mapped[Decimal | None] = mapped_column(Quantity)
    description: Mapped[str | None] = mapped_column(String(200))
