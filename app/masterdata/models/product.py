"""What the company sells or buys."""

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database.archiving import Archivable
from app.database.base import CompanyModel
from app.database.columns import choice, many_to_one, reference
from app.masterdata.choices import ProductKind
from app.masterdata.models.product_category import ProductCategory
from app.masterdata.models.unit_of_measure import UnitOfMeasure


class Product(Archivable, CompanyModel):
    """Goods or a service; its single pieces with a serial number are sellable items."""

    __tablename__ = "masterdata_product"
    __table_args__ = (UniqueConstraint("company_id", "code"), Index(None, "company_id", "style_no", unique=True))
    __search__ = ("code", "name", "style_no")

    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    style_no: Mapped[str | None] = mapped_column(String(40))  # The maker's number of the model (款号).
    spec: Mapped[str | None] = mapped_column(String(200))
    brand: Mapped[str | None] = mapped_column(String(80))
    attributes: Mapped[str | None] = mapped_column(String(400))  # Colour, size and the like, in words.
    kind: Mapped[ProductKind] = choice(ProductKind, ProductKind.GOODS)
    category_id: Mapped[int | None] = reference("masterdata_product_category", nullable=True)
    base_uom_id: Mapped[int] = reference("masterdata_unit_of_measure", index=False)
    # The second unit of goods sold by catch weight: a pig is one head and 112.5 kg.
    second_uom_id: Mapped[int | None] = reference("masterdata_unit_of_measure", nullable=True, index=False)
    tax_category: Mapped[str] = mapped_column(String(40), default="")

    category: Mapped[ProductCategory | None] = many_to_one("Product.category_id", "ProductCategory.id")
    base_uom: Mapped[UnitOfMeasure] = many_to_one("Product.base_uom_id", "UnitOfMeasure.id")
    second_uom: Mapped[UnitOfMeasure | None] = many_to_one("Product.second_uom_id", "UnitOfMeasure.id")

    def __str__(self) -> str:
        return self.name
