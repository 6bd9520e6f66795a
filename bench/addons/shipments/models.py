"""Tables of shipments: one without and one with a column that is encrypted at rest."""

import datetime as dt
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk.models import CompanyModel, EncryptedText, Money, Owned, Quantity, UtcDateTime, choice


class ShipmentState(StrEnum):
    """Where a shipment is."""

    PACKED = "packed"
    ON_THE_WAY = "on_the_way"
    DELIVERED = "delivered"


class Shipped(Owned, CompanyModel):
    """What both tables hold of goods on their way to a customer."""

    __abstract__ = True
    __title__ = "number"

    number: Mapped[str] = mapped_column(String(20))
    customer: Mapped[str] = mapped_column(String(80))
    city: Mapped[str] = mapped_column(String(40))
    address: Mapped[str] = mapped_column(String(200))
    pieces: Mapped[int]
    weight: Mapped[Decimal] = mapped_column(Quantity)
    freight: Mapped[Decimal] = mapped_column(Money)
    shipped_on: Mapped[dt.date]
    delivered_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    state: Mapped[ShipmentState] = choice(ShipmentState, ShipmentState.PACKED)
    insured: Mapped[bool]


class Shipment(Shipped):
    """A shipment with a note."""

    __tablename__ = "shipments_shipment"
    __table_args__ = (UniqueConstraint("company_id", "number"),)

    note: Mapped[str | None] = mapped_column(String(200))


class Courier(Shipped):
    """A shipment with the phone of whoever receives it."""

    __tablename__ = "shipments_courier"
    __table_args__ = (UniqueConstraint("company_id", "number"),)

    note: Mapped[str | None] = mapped_column(EncryptedText)
