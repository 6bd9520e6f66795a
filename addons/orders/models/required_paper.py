"""Which paper goes along with which product."""

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk.masterdata import Product, ProductCategory
from app.sdk.models import CompanyModel, many_to_one, reference


class RequiredPaper(CompanyModel):
    """For one product, or for a category with all below it; a blank paper: nothing goes along with it (S:CAT-05)."""

    __tablename__ = "orders_required_paper"
    __table_args__ = (CheckConstraint("(product_id IS NULL) <> (category_id IS NULL)", name="one"),)
    __title__ = "paper"

    product_id: Mapped[int | None] = reference("masterdata_product", nullable=True)
    category_id: Mapped[int | None] = reference("masterdata_product_category", nullable=True)
    paper: Mapped[str | None] = mapped_column(String(80))  # A manual (说明书), a licence (授权书).

    product: Mapped[Product | None] = many_to_one("RequiredPaper.product_id", "Product.id")
    category: Mapped[ProductCategory | None] = many_to_one("RequiredPaper.category_id", "ProductCategory.id")

    def __str__(self) -> str:
        return self.paper or "–"
