"""What people are told of approvals."""

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any

import sqlalchemy as sa
from flask_babel import LazyString

from app.approvals.models import ApprovalDeputy, ApprovalFile, ApprovalTask
from app.companies.clock import active_zone
from app.companies.models import Employee
from app.database.base import CompanyModel
from app.database.session import session
from app.i18n import _
from app.notices import NoticeKind, notify
from app.parameters.platform_values import DELEGATION

WAITING = NoticeKind("approvals.waiting", _("Something waits for my approval"), "stamp", chats=True)
DECIDED = NoticeKind("approvals.decided", _("My request was decided"), "stamp", chats=True)
DEPUTY = NoticeKind("approvals.deputy", _("I stand in for somebody"), "user-check")
KINDS = (WAITING, DECIDED, DEPUTY)


def tell_signers(tasks: Iterable[ApprovalTask], *, text: LazyString, now: dt.datetime) -> None:
    """Tell those who may sign these tasks today: whoever it was escalated to as well, and deputies (P:COR-07)."""
    today = now.astimezone(active_zone()).date()
    for task in tasks:
        users = _users({task.employee_id, task.escalated_to_id} - {None}, today)
        _tell(users, kind=WAITING, text=text, about=task, file=task.file, now=now)


def tell_requester(file: ApprovalFile, *, text: LazyString, now: dt.datetime) -> None:
    """Tell who asked."""
    _tell([file.requester_id], kind=DECIDED, text=text, about=file, file=file, now=now)


def tell_deputy(made: ApprovalDeputy, *, now: dt.datetime) -> None:
    """Tell a deputy for whom he signs, and when."""
    if made.deputy.user_id is not None:
        notify(
            [made.deputy.user_id],
            kind=DEPUTY,
            text=_("You sign for %(name)s from %(first)s to %(last)s."),
            values={"name": made.absent.name, "first": made.first_day, "last": made.last_day},
            about=made,
            now=now,
        )


def _tell(
    users: Collection[int],
    *,
    kind: NoticeKind,
    text: LazyString,
    about: CompanyModel,
    file: ApprovalFile,
    now: dt.datetime,
) -> None:
    values: dict[str, Any] = {"document": file.title, "step": file.step_name or "", "reason": file.failure or ""}
    notify(users, kind=kind, text=text, values=values, about=about, now=now)


def _users(employees: Collection[int | None], today: dt.date) -> list[int]:
    meant: sa.ColumnElement[bool] = Employee.id.in_(employees)
    if DELEGATION.value(today):
        deputies = sa.select(ApprovalDeputy.deputy_id).where(
            ApprovalDeputy.absent_id.in_(employees), ApprovalDeputy.first_day <= today, ApprovalDeputy.last_day >= today
        )
        meant = sa.or_(meant, Employee.id.in_(deputies))
    found = sa.select(Employee.user_id).where(meant)
    return [user_id for user_id in session.scalars(found) if user_id is not None]
