"""What one person said on a file."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, event
from sqlalchemy.orm import Mapped, mapped_column

from app.approvals.models.approval_file import ApprovalFile
from app.companies.models import Employee
from app.database.base import CompanyModel
from app.database.columns import UtcDateTime, choice, many_to_one, reference
from app.database.erasure import is_erasing
from app.database.personal import Attached
from app.errors import Conflict
from app.i18n import _


class Verdict(StrEnum):
    """What was said, or what happened to what had been said."""

    AGREE = "agree"
    DISAGREE = "disagree"
    RETURN = "return"  # To who asked, or to the step named in `back_to`.
    PASSED = "passed"  # By the clock: no opinion came in time.
    VOID = "void"  # The terms changed, so what was said of the old ones holds no longer.
    ADD_SIGNER = "add_signer"
    WITHDRAW = "withdraw"


class ApprovalLine(CompanyModel):
    """Verdict, signed opinion, signer and time; never changed (P:COR-02)."""

    __tablename__ = "approvals_line"
    __title__ = "id"
    __personal__ = ("opinion",)
    __quotes__ = ("opinion",)
    __audit__ = False  # It is a log itself.
    __attached__ = Attached(through="file_id")

    file_id: Mapped[int] = reference("approvals_file")
    step: Mapped[str | None] = mapped_column(String(40))
    step_name: Mapped[str | None] = mapped_column(String(80))
    verdict: Mapped[Verdict] = choice(Verdict)
    opinion: Mapped[str | None] = mapped_column(Text)
    signer_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))  # None for the system.
    employee_id: Mapped[int | None] = reference("companies_employee", nullable=True)
    for_id: Mapped[int | None] = reference("companies_employee", nullable=True)  # Whose deputy he signed as.
    back_to: Mapped[str | None] = mapped_column(String(40))  # What was said from this step on holds no longer.
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)

    file: Mapped[ApprovalFile] = many_to_one("ApprovalLine.file_id", "ApprovalFile.id")
    employee: Mapped[Employee | None] = many_to_one("ApprovalLine.employee_id", "Employee.id")
    stood_for: Mapped[Employee | None] = many_to_one("ApprovalLine.for_id", "Employee.id")


@event.listens_for(ApprovalLine, "before_update")
@event.listens_for(ApprovalLine, "before_delete")
def _refuse_change(_mapper: object, _connection: object, _line: ApprovalLine) -> None:
    if not is_erasing():
        raise Conflict("approval.line", _("A signed opinion is never changed."))
