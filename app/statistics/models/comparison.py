"""Table of comparisons."""

from decimal import Decimal
from enum import StrEnum

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import CompanyModel
from app.database.columns import Quantity, choice, many_to_one, reference
from app.statistics.models.report_run import ReportRun

LONGEST_ITEM, LONGEST_NOTE = 300, 200


class Outcome(StrEnum):
    """What the comparison says."""

    WAITING = "waiting"  # for the manual figure
    EQUAL = "equal"
    DIFFERENT = "different"


class Comparison(CompanyModel):
    """One figure of one item of a kept report run, and beside it the figure that was made by hand.

    `difference` is automatic less manual; `share` is the difference as a ratio of the manual figure, None where that
    is nothing or next to it. Both are written together with the manual figure, so that lists and reports of both
    databases agree.
    """

    __tablename__ = "statistics_comparison"
    __table_args__ = (UniqueConstraint("company_id", "run_id", "item", "measure"),)
    __title__ = "item"
    __quotes__ = ("item", "note")

    run_id: Mapped[int] = reference("statistics_report_run", index=False)
    position: Mapped[int]
    item: Mapped[str] = mapped_column(String(LONGEST_ITEM))
    measure: Mapped[str] = mapped_column(String(80))  # The name of the report's column,
    figure: Mapped[str] = mapped_column(String(80))  # and its label.
    automatic: Mapped[Decimal] = mapped_column(Quantity)
    manual: Mapped[Decimal | None] = mapped_column(Quantity)
    difference: Mapped[Decimal | None] = mapped_column(Quantity)
    share: Mapped[Decimal | None] = mapped_column(Quantity)
    outcome: Mapped[Outcome] = choice(Outcome, Outcome.WAITING)
    note: Mapped[str | None] = mapped_column(String(LONGEST_NOTE))

    run: Mapped[ReportRun] = many_to_one("Comparison.run_id", "ReportRun.id")

    @property
    def percent(self) -> str:
        """The share in words: '2.04 %'."""
        return "" if self.share is None else f"{self.share * 100:.2f} %"

    def __str__(self) -> str:
        return f"{self.item} · {self.figure}"
