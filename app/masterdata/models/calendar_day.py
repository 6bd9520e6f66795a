"""Days that are not what their weekday says."""

import datetime as dt

from sqlalchemy import Date, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import CompanyModel
from app.database.columns import choice
from app.masterdata.choices import DayKind


class CalendarDay(CompanyModel):
    """A holiday, or a weekend day that is worked in exchange (调休)."""

    __tablename__ = "masterdata_calendar_day"
    __table_args__ = (UniqueConstraint("company_id", "day"),)

    day: Mapped[dt.date] = mapped_column(Date)
    kind: Mapped[DayKind] = choice(DayKind, DayKind.HOLIDAY)
    name: Mapped[str] = mapped_column(String(60), default="")

    def __str__(self) -> str:
        return f"{self.day} {self.name}".strip()
