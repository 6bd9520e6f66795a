"""Who sees which files and tasks: those who asked, those who are asked, and those who have signed."""

import datetime as dt

import sqlalchemy as sa

from app.approvals.models.approval_file import ApprovalFile
from app.approvals.models.deputy import ApprovalDeputy
from app.approvals.models.line import ApprovalLine
from app.approvals.models.task import ApprovalTask, TaskState
from app.parameters.platform_values import DELEGATION

Condition = sa.ColumnElement[bool]
Id = int | sa.ScalarSelect[int]
Day = dt.date | sa.BindParameter[dt.date]


def stood_in_for(employee_id: Id, day: Day) -> sa.Select[int]:
    """Select the ids of those for whom this employee may sign on that day."""
    return sa.select(ApprovalDeputy.absent_id).where(
        ApprovalDeputy.deputy_id == employee_id, ApprovalDeputy.first_day <= day, ApprovalDeputy.last_day >= day
    )


def waits_for(_user_id: int, employee_id: int, day: dt.date) -> Condition:
    """Return the condition of the tasks that somebody may sign on that day, for himself or for another."""
    return waiting(employee_id, day, by_deputies=DELEGATION.value(day))


def waiting(employee_id: Id, day: Day, *, by_deputies: bool) -> Condition:
    """Return that condition for a statement built beforehand; `by_deputies`: the company has them (P:COR-07)."""
    mine = [ApprovalTask.employee_id == employee_id, ApprovalTask.escalated_to_id == employee_id]
    if by_deputies:
        absent = stood_in_for(employee_id, day)
        mine += [ApprovalTask.employee_id.in_(absent), ApprovalTask.escalated_to_id.in_(absent)]
    return sa.and_(ApprovalTask.state == TaskState.OPEN, sa.or_(*mine))


def concerns(user_id: int, employee_id: int, day: dt.date) -> Condition:
    """Return the condition of the files that somebody asked for, may sign, or has said something on."""
    asked = sa.select(ApprovalTask.file_id).where(
        sa.or_(ApprovalTask.employee_id == employee_id, waits_for(user_id, employee_id, day))
    )
    said = sa.select(ApprovalLine.file_id).where(ApprovalLine.employee_id == employee_id)
    return sa.or_(ApprovalFile.requester_id == user_id, ApprovalFile.id.in_(asked), ApprovalFile.id.in_(said))


def stands_in(_user_id: int, employee_id: int, _day: dt.date) -> Condition:
    """Return the condition of the deputies that somebody has, and of those whose deputy he is."""
    return sa.or_(ApprovalDeputy.absent_id == employee_id, ApprovalDeputy.deputy_id == employee_id)


ApprovalDeputy.__takes_part__ = staticmethod(stands_in)
ApprovalTask.__takes_part__ = staticmethod(waits_for)
ApprovalFile.__takes_part__ = staticmethod(concerns)
