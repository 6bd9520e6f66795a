"""Goods of an order that are not in stock."""

import datetime as dt
from decimal import Decimal

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from addons.orders.choices import ShortageState
from addons.orders.models.order import Order
from app.sdk.masterdata import Product
from app.sdk.models import CompanyModel, Owned, Quantity, choice, many_to_one, reference


class Shortage(Owned, CompanyModel):
    """So much of a product is missing, and when it will be there; `org_unit` is who sees to it (S:ORD-06)."""

    __tablename__ = "orders_shortage"
    __table_args__ = (
        UniqueConstraint("company_id", "order_id", "product_id"),
        CheckConstraint("missing > 0 AND missing <= ordered", name="missing"),
    )
    __title__ = "description"
    __quotes__ = ("note",)

    order_id: Mapped[int] = reference("orders_order", index=False)  # The unique key serves as its index.
    product_id: Mapped[int] = reference("masterdata_product", index=False)
    description: Mapped[str] = mapped_column(String(200))
    ordered: Mapped[Decimal] = mapped_column(Quantity)
    missing: Mapped[Decimal] = mapped_column(Quantity)
    needed_on: Mapped[dt.date]
    expected_on: Mapped[dt.date | None]  # The date of replenishment (补货时间).
    note: Mapped[str | None] = mapped_column(String(200))
    state: Mapped[ShortageState] = choice(ShortageState, ShortageState.OPEN)

    order: Mapped[Order] = many_to_one("Shortage.order_id", "addons.orders.models.order.Order.id")
    product: Mapped[Product] = many_to_one("Shortage.product_id", "Product.id")
