"""Table of report runs that were kept."""

import datetime as dt

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import CompanyModel
from app.database.columns import UtcDateTime

LONGEST_TITLE, LONGEST_PERIOD, LONGEST_QUERY = 120, 40, 2_000


class ReportRun(CompanyModel):
    """A report as it was run once, so that its figures can be explained later: what was asked, by whom, and when.

    Its figures are the comparisons that point at it. It is never run again: a later run is another row, and takes
    the place of `is_latest`.
    """

    __tablename__ = "statistics_report_run"
    __table_args__ = (Index(None, "company_id", "report", "period"),)
    __title__ = "title"
    __quotes__ = ("query", "asked")  # What a report was asked for may be somebody's name.

    report: Mapped[str] = mapped_column(String(80))  # The name by which its add-on declares it.
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    period: Mapped[str] = mapped_column(String(LONGEST_PERIOD))
    asked: Mapped[str] = mapped_column(String(400), default="")  # The filters, in words.
    query: Mapped[str] = mapped_column(String(LONGEST_QUERY), default="")  # The same, as an address.
    ran_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    is_latest: Mapped[bool] = mapped_column(default=True)

    def __str__(self) -> str:
        return f"{self.title} · {self.period}"
