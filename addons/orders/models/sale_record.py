"""The sales record (销售记录): what was sold to whom, for how much, through which channel."""

import datetime as dt
from decimal import Decimal

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from addons.orders.choices import SalesChannel, SaleState
from app.sdk.masterdata import Partner, Product
from app.sdk.models import CompanyModel, Money, Owned, Quantity, choice, many_to_one, reference


class SaleRecord(Owned, CompanyModel):
    """`owner` is the seller. Its total is its quantity at its price (S:ORD-23)."""

    __tablename__ = "orders_sale_record"
    __table_args__ = (CheckConstraint("quantity > 0 AND unit_price >= 0 AND total >= 0", name="amounts"),)
    __title__ = "id"
    __personal__ = ("note", "custom")

    partner_id: Mapped[int] = reference("masterdata_partner")
    sold_on: Mapped[dt.date]
    product_id: Mapped[int] = reference("masterdata_product")
    quantity: Mapped[Decimal] = mapped_column(Quantity)
    unit_price: Mapped[Decimal] = mapped_column(Quantity)
    total: Mapped[Decimal] = mapped_column(Money)
    channel: Mapped[SalesChannel] = choice(SalesChannel, SalesChannel.OFFLINE)
    state: Mapped[SaleState] = choice(SaleState, SaleState.NOT_SOLD)
    hours_late: Mapped[int] = mapped_column(default=0)
    note: Mapped[str | None] = mapped_column(String(200))

    partner: Mapped[Partner] = many_to_one("SaleRecord.partner_id", "Partner.id")
    product: Mapped[Product] = many_to_one("SaleRecord.product_id", "Product.id")

    def __str__(self) -> str:
        return f"{self.sold_on} {self.product}"
