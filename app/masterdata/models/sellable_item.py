"""One piece of a product that is sold by itself: a flat, a car, a pig."""

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database.archiving import Archivable
from app.database.base import CompanyModel
from app.database.columns import many_to_one, reference
from app.masterdata.models.product import Product


class SellableItem(Archivable, CompanyModel):
    """A product with a serial number; add-ons extend it one to one. Who holds it is said by its live claim."""

    __tablename__ = "masterdata_sellable_item"
    __table_args__ = (UniqueConstraint("company_id", "product_id", "serial"),)
    __title__ = "serial"
    __search__ = ("serial",)

    product_id: Mapped[int] = reference("masterdata_product", index=False)  # The unique key serves as its index.
    serial: Mapped[str] = mapped_column(String(60))
    note: Mapped[str | None] = mapped_column(String(200))

    product: Mapped[Product] = many_to_one("SellableItem.product_id", "Product.id")
