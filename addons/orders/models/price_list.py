"""A price list: what products cost from one day to another."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from addons.orders.choices import PriceListState
from addons.orders.models.price_line import PriceLine
from app.sdk.models import CompanyModel, Owned, User, UtcDateTime, choice


class PriceList(Owned, CompanyModel):
    """One version of prices (P:PRI-01). Approved ones never price a product twice on a day."""

    __tablename__ = "orders_price_list"
    __table_args__ = (UniqueConstraint("company_id", "name"), CheckConstraint("valid_to >= valid_from", name="days"))
    __search__ = ("name",)

    name: Mapped[str] = mapped_column(String(80))
    valid_from: Mapped[dt.date]
    valid_to: Mapped[dt.date | None]  # The last day; without one it is in force until it is ended.
    basis: Mapped[str | None] = mapped_column(String(400))  # Research, demand and competition that it rests on.
    state: Mapped[PriceListState] = choice(PriceListState, PriceListState.DRAFT)
    approved_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))

    approved_by: Mapped[User | None] = relationship(User, foreign_keys=[approved_by_id])
    lines: Mapped[list[PriceLine]] = relationship(
        PriceLine,
        primaryjoin="PriceList.id == foreign(PriceLine.price_list_id)",
        order_by=PriceLine.position,
        cascade="all, delete-orphan",
    )
