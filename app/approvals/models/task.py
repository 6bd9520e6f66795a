"""One person's task in one step of a file."""

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.approvals.models.approval_file import ApprovalFile
from app.companies.models import Employee
from app.database.base import CompanyModel
from app.database.columns import UtcDateTime, choice, many_to_one, reference
from app.database.personal import Attached
from app.errors import Text


class TaskState(StrEnum):
    """Whether it still waits."""

    OPEN = "open"
    SIGNED = "signed"
    CLOSED = "closed"  # Not needed any more: others sufficed, or the file went another way.


class ApprovalTask(CompanyModel):
    """A signature that is waited for; a deputy may give it in the holder's stead (P:COR-07)."""

    __tablename__ = "approvals_task"
    __table_args__ = (Index(None, "company_id", "employee_id", "state"), Index(None, "company_id", "state", "due_at"))
    __title__ = "id"
    __title_from__ = ("file",)
    __attached__ = Attached(through="file_id")

    file_id: Mapped[int] = reference("approvals_file")
    employee_id: Mapped[int] = reference("companies_employee", index=False)
    step: Mapped[str] = mapped_column(String(40))
    round: Mapped[int]
    state: Mapped[TaskState] = choice(TaskState, TaskState.OPEN)
    due_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    remind_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    reminded_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    signer_id: Mapped[int | None] = reference("companies_employee", nullable=True, index=False)
    overdue_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)  # When it was acted upon that it is overdue.

    file: Mapped[ApprovalFile] = many_to_one("ApprovalTask.file_id", "ApprovalFile.id")
    escalated_to_id: Mapped[int | None] = reference("companies_employee", nullable=True)

    employee: Mapped[Employee] = many_to_one("ApprovalTask.employee_id", "Employee.id")

    @property
    def document(self) -> Any:
        """The document that is asked about."""
        return self.file.document

    @property
    def action(self) -> Text:
        """What is asked for."""
        return self.file.action

    def __str__(self) -> str:
        return self.file.title
