"""Which department works on which product of an order."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from addons.orders.choices import DispatchPart
from app.sdk.masterdata import Product, ProductCategory
from app.sdk.models import CompanyModel, OrgUnit, choice, many_to_one, reference


class DispatchRule(CompanyModel):
    """For one product, for a category with all below it, or for whatever no other rule names (S:ORD-07).

    A rule may be about what is in stock alone, or about what is missing (P:ORD-06).
    """

    __tablename__ = "orders_dispatch_rule"
    __title__ = "task"

    product_id: Mapped[int | None] = reference("masterdata_product", nullable=True)
    category_id: Mapped[int | None] = reference("masterdata_product_category", nullable=True)
    unit_id: Mapped[int] = reference("companies_org_unit")
    task: Mapped[str] = mapped_column(String(80))  # What the department does: make, buy, pick.
    part: Mapped[DispatchPart] = choice(DispatchPart, DispatchPart.WHOLE)

    product: Mapped[Product | None] = many_to_one("DispatchRule.product_id", "Product.id")
    category: Mapped[ProductCategory | None] = many_to_one("DispatchRule.category_id", "ProductCategory.id")
    unit: Mapped[OrgUnit] = many_to_one("DispatchRule.unit_id", "OrgUnit.id")
