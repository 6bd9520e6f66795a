"""The price of one product in a price list."""

from decimal import Decimal

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk.masterdata import Product
from app.sdk.models import CompanyModel, Quantity, many_to_one, reference


class PriceLine(CompanyModel):
    """Yuan for one base unit, tax included. Nobody sells under `floor` without approval; `cost` tells the margin."""

    __tablename__ = "orders_price_line"
    __table_args__ = (
        UniqueConstraint("company_id", "price_list_id", "product_id"),
        CheckConstraint("price > 0 AND floor <= price AND floor > 0 AND cost >= 0", name="price"),
    )
    __title__ = "id"

    price_list_id: Mapped[int] = reference("orders_price_list", index=False)  # The unique key serves as its index.
    position: Mapped[int]
    product_id: Mapped[int] = reference("masterdata_product")
    price: Mapped[Decimal] = mapped_column(Quantity)
    floor: Mapped[Decimal | None] = mapped_column(Quantity)
    cost: Mapped[Decimal | None] = mapped_column(Quantity)

    product: Mapped[Product] = many_to_one("PriceLine.product_id", "Product.id")
