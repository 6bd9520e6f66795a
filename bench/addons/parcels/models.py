"""A table that is listed by the million: of every kind of column one, a relation, and a searched Chinese name."""

import datetime as dt
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk.models import CompanyModel, Money, Owned, choice, many_to_one, reference


class ParcelState(StrEnum):
    """Where a parcel is."""

    PACKED = "packed"
    ON_THE_WAY = "on_the_way"
    DELIVERED = "delivered"


class Depot(CompanyModel):
    """Where parcels start."""

    __tablename__ = "parcels_depot"

    name: Mapped[str] = mapped_column(String(40))


class Parcel(Owned, CompanyModel):
    """A parcel on its way to a person."""

    __tablename__ = "parcels_parcel"
    __table_args__ = (UniqueConstraint("company_id", "number"),)
    __title__ = "number"
    __search__ = ("recipient",)

    number: Mapped[str] = mapped_column(String(20))
    recipient: Mapped[str] = mapped_column(String(80))
    depot_id: Mapped[int] = reference("parcels_depot", index=False)
    city: Mapped[str] = mapped_column(String(40))
    pieces: Mapped[int]
    freight: Mapped[Decimal] = mapped_column(Money)
    sent_on: Mapped[dt.date]
    state: Mapped[ParcelState] = choice(ParcelState, ParcelState.PACKED)

    depot: Mapped[Depot] = many_to_one("Parcel.depot_id", "Depot.id")
