"""One line of a change of an order."""

from decimal import Decimal

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk.masterdata import Product
from app.sdk.models import CompanyModel, Quantity, many_to_one, reference


class ChangeLine(CompanyModel):
    """The quantity that a product of the order is to have; a product that the order lacks is added."""

    __tablename__ = "orders_change_line"
    __table_args__ = (
        UniqueConstraint("company_id", "change_id", "product_id"),
        CheckConstraint("quantity >= 0", name="quantity"),
    )
    __title__ = "id"

    change_id: Mapped[int] = reference("orders_order_change", index=False)  # The unique key serves as its index.
    position: Mapped[int]
    product_id: Mapped[int] = reference("masterdata_product", index=False)
    quantity_before: Mapped[Decimal] = mapped_column(Quantity, default=Decimal(0))
    quantity: Mapped[Decimal] = mapped_column(Quantity)

    product: Mapped[Product] = many_to_one("ChangeLine.product_id", "Product.id")
