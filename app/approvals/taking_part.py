"""Who sees which files and tasks: those who asked, those who are asked, and those who have signed."""

import datetime as dt

import sqlalchemy as sa

from app.approvals.deputies import stood_in_for
from app.approvals.models import ApprovalFile, ApprovalLine, ApprovalTask, TaskState

Condition = sa.ColumnElement[bool]


def waits_for(_user_id: int, employee_id: int, day: dt.date) -> Condition:
    """Return the condition of the tasks that somebody may sign on that day, for himself or for another."""
    mine = sa.or_(
        ApprovalTask.employee_id == employee_id,
        ApprovalTask.escalated_to_id == employee_id,
        ApprovalTask.employee_id.in_(stood_in_for(employee_id, day)),
    )
    return sa.and_(ApprovalTask.state == TaskState.OPEN, mine)


def concerns(user_id: int, employee_id: int, day: dt.date) -> Condition:
    """Return the condition of the files that somebody asked for, may sign, or has said something on."""
    asked = sa.select(ApprovalTask.file_id).where(
        sa.or_(ApprovalTask.employee_id == employee_id, waits_for(user_id, employee_id, day))
    )
    said = sa.select(ApprovalLine.file_id).where(ApprovalLine.employee_id == employee_id)
    return sa.or_(ApprovalFile.requester_id == user_id, ApprovalFile.id.in_(asked), ApprovalFile.id.in_(said))


ApprovalTask.__takes_part__ = staticmethod(waits_for)
ApprovalFile.__takes_part__ = staticmethod(concerns)
