"""The tree that products are sorted into."""

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database.archiving import Archivable
from app.database.base import CompanyModel
from app.database.columns import many_to_one, reference


class ProductCategory(Archivable, CompanyModel):
    """A class of products, perhaps within a wider one."""

    __tablename__ = "masterdata_product_category"
    __table_args__ = (UniqueConstraint("company_id", "code"),)

    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(100))
    parent_id: Mapped[int | None] = reference("masterdata_product_category", nullable=True)

    parent: Mapped["ProductCategory | None"] = many_to_one("ProductCategory.parent_id", "ProductCategory.id")

    def __str__(self) -> str:
        return self.name
