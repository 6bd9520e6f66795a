"""What the lines of quotations, reservations, orders and returns have in common."""

from decimal import Decimal
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, declared_attr, foreign, mapped_column, relationship, remote

from app.sdk.masterdata import Product, SellableItem, UnitOfMeasure
from app.sdk.models import CompanyModel, Money, Quantity, reference


class Line(CompanyModel):
    """One product of a document, with its price and its amounts; the subclass says of which document.

    `list_price` is copied from the price list of the document's day, `approved_price` from terms that were approved;
    None where there is none. Amounts are reckoned by `queries.line_amounts` and copied, so that they stay.
    """

    __abstract__ = True
    __title__ = "description"

    position: Mapped[int]
    description: Mapped[str | None] = mapped_column(String(200))  # The product as it was called on that day.
    quantity: Mapped[Decimal] = mapped_column(Quantity)
    second_quantity: Mapped[Decimal | None] = mapped_column(Quantity)  # In the second unit: one head and 112.5 kg.
    list_price: Mapped[Decimal | None] = mapped_column(Quantity)
    approved_price: Mapped[Decimal | None] = mapped_column(Quantity)
    unit_price: Mapped[Decimal] = mapped_column(Quantity, nullable=True)  # Blank in a form means the list price.
    tax_included: Mapped[bool] = mapped_column(default=True)
    tax_rate: Mapped[Decimal] = mapped_column(Quantity, default=Decimal(0))  # A share: 0.13 is 13 %.
    net: Mapped[Decimal] = mapped_column(Money)
    tax: Mapped[Decimal] = mapped_column(Money)
    gross: Mapped[Decimal] = mapped_column(Money)

    @declared_attr
    def product_id(cls) -> Mapped[int]:
        """What is sold."""
        return reference("masterdata_product", index=False)

    @declared_attr
    def item_id(cls) -> Mapped[int | None]:
        """The single piece, where a product is sold piece by piece."""
        return reference("masterdata_sellable_item", nullable=True)

    @declared_attr
    def uom_id(cls) -> Mapped[int]:
        """What the quantity is counted in."""
        return reference("masterdata_unit_of_measure", index=False)

    @declared_attr
    def product(cls) -> Mapped[Product]:
        """What is sold."""
        return relationship(Product, primaryjoin=lambda: _points_at(cls.product_id, Product.id))

    @declared_attr
    def item(cls) -> Mapped[SellableItem | None]:
        """The single piece, where a product is sold piece by piece."""
        return relationship(SellableItem, primaryjoin=lambda: _points_at(cls.item_id, SellableItem.id))

    @declared_attr
    def uom(cls) -> Mapped[UnitOfMeasure]:
        """What the quantity is counted in."""
        return relationship(UnitOfMeasure, primaryjoin=lambda: _points_at(cls.uom_id, UnitOfMeasure.id))

    @property
    def set_price(self) -> Decimal | None:
        """The price that nobody departs from without authority: approved terms, else the list price (P:PRI-02)."""
        return self.approved_price if self.approved_price is not None else self.list_price


def _points_at(column: Any, target: Any) -> Any:
    return foreign(column) == remote(target)
