"""A scheduled run: when a company's turn of a schedule is next, and how the last one went."""

import datetime as dt

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import CompanyModel
from app.database.columns import UtcDateTime


class ScheduledRun(CompanyModel):
    """One schedule in one company. Its row lock makes a turn happen once, however many processes look."""

    __tablename__ = "jobs_scheduled_run"
    __table_args__ = (UniqueConstraint("company_id", "name"),)
    __audit__ = False

    name: Mapped[str] = mapped_column(String(80))
    due_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    last_run_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    failures: Mapped[int] = mapped_column(default=0)  # In a row.
    error: Mapped[str | None] = mapped_column(String(500))
