"""Table of issues."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.companies.models import Employee
from app.companies.ownership import Owned
from app.database.base import CompanyModel
from app.database.columns import UtcDateTime, choice, many_to_one, reference
from app.i18n import duration_words

LONGEST_TITLE, LONGEST_RESOLUTION = 120, 400


class IssueState(StrEnum):
    """How far it has come."""

    OPEN = "open"
    ESCALATED = "escalated"
    CLOSED = "closed"


class Issue(Owned, CompanyModel):
    """A problem of the business. A major one has to reach a leader by `due_at`.

    `due_at` follows the policy of the day on which it was opened; `late_minutes` says by how much it was missed, 0 for
    in time, None while the issue has reached nobody, and for one that is not major.
    """

    __tablename__ = "issues_issue"
    __table_args__ = (Index(None, "company_id", "state", "due_at"),)
    __title__ = "title"
    __search__ = ("title",)
    __quotes__ = ("title", "text", "resolution")

    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    text: Mapped[str | None] = mapped_column(Text)
    is_major: Mapped[bool] = mapped_column(default=False)
    state: Mapped[IssueState] = choice(IssueState, IssueState.OPEN)
    opened_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    reminded_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    escalated_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    escalated_to_id: Mapped[int | None] = reference("companies_employee", nullable=True)
    late_minutes: Mapped[int | None]
    closed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    resolution: Mapped[str | None] = mapped_column(String(LONGEST_RESOLUTION))

    escalated_to: Mapped[Employee | None] = many_to_one("Issue.escalated_to_id", "Employee.id")

    @property
    def late(self) -> str:
        """By how much it was too late, in words: '1 h'; blank in time, and for what has reached nobody."""
        return duration_words(self.late_minutes) if self.late_minutes else ""
