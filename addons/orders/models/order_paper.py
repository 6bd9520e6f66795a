"""A paper that the customer got along with what he ordered."""

import datetime as dt

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.sdk.masterdata import Product
from app.sdk.models import CompanyModel, User, UtcDateTime, many_to_one, reference


class OrderPaper(CompanyModel):
    """Which paper of which product, its own number such as a licence has, and when it was handed over (S:CAT-05)."""

    __tablename__ = "orders_order_paper"
    __table_args__ = (UniqueConstraint("company_id", "order_id", "product_id", "paper"),)
    __title__ = "paper"

    order_id: Mapped[int] = reference("orders_order", index=False)  # The unique key serves as its index.
    product_id: Mapped[int] = reference("masterdata_product", index=False)
    paper: Mapped[str] = mapped_column(String(80))
    reference: Mapped[str | None] = mapped_column(String(80))
    handed_over_on: Mapped[dt.date]
    noted_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    noted_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))

    product: Mapped[Product] = many_to_one("OrderPaper.product_id", "Product.id")
    noted_by: Mapped[User] = relationship(User, foreign_keys=[noted_by_id])
