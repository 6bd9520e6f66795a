"""Tables of visits."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk.models import CompanyModel, Owned, choice


class VisitState(StrEnum):
    """Where a visit stands."""

    PLANNED = "planned"
    DONE = "done"
    CANCELLED = "cancelled"


class Visit(Owned, CompanyModel):
    """A visit to a customer on one day."""

    __tablename__ = "visits_visit"
    __table_args__ = (UniqueConstraint("company_id", "visited_on", "customer"),)
    __title__ = "customer"
    __search__ = ("customer",)

    customer: Mapped[str] = mapped_column(String(80))
    visited_on: Mapped[dt.date]
    minutes: Mapped[int]
    note: Mapped[str | None] = mapped_column(String(200))
    state: Mapped[VisitState] = choice(VisitState, default=VisitState.PLANNED)
