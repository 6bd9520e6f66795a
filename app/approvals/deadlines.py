"""The clock of approvals: reminders, overdue marks, and what a chain says is done then. Repeating changes nothing."""

import datetime as dt

import sqlalchemy as sa

from app.approvals.definition import Overdue
from app.approvals.models import ApprovalFile, ApprovalTask, FileState, TaskState, Verdict
from app.approvals.moving import asked_of, close_file, note, pass_over, route_of
from app.approvals.notices import tell_requester, tell_signers
from app.approvals.signers import superiors_of
from app.database.locking import lock_rows
from app.database.session import session
from app.errors import Conflict
from app.i18n import _

BATCH = 500


def mind_deadlines(now: dt.datetime) -> None:
    """Remind whoever's time is running out, and act on what is overdue, in the active company."""
    for task in _held(ApprovalTask.remind_at <= now, ApprovalTask.reminded_at.is_(None)):
        task.reminded_at = now
        session.flush()
        tell_signers([task], text=_("“%(document)s” should be approved soon: %(step)s"), now=now)
    for task in _held(ApprovalTask.due_at < now, ApprovalTask.overdue_at.is_(None)):
        _act_on_overdue(task, now)


def _held(*conditions: sa.ColumnElement[bool]) -> list[ApprovalTask]:
    """Return the open tasks, with their files locked before them as a signer locks them."""
    statement = (
        sa.select(ApprovalTask)
        .join(ApprovalFile, ApprovalFile.id == ApprovalTask.file_id)
        .where(ApprovalTask.state == TaskState.OPEN, ApprovalFile.state == FileState.OPEN, *conditions)
        .order_by(ApprovalTask.id)
        .limit(BATCH)
    )
    tasks = list(session.scalars(statement))
    lock_rows(*{task.file for task in tasks})
    for task in tasks:
        session.refresh(task)  # Somebody may just have signed.
    return [task for task in tasks if task.state is TaskState.OPEN]


def _act_on_overdue(task: ApprovalTask, now: dt.datetime) -> None:
    if task.state is not TaskState.OPEN:
        return  # Another task of its file, which was overdue too, has moved the file on.
    file, task.overdue_at = task.file, now
    session.flush()
    step = next(step for step in route_of(file) if step.key == task.step)
    then = step.deadline.then if step.deadline is not None else Overdue.REMIND
    if then is Overdue.GO_ON:
        note(file, Verdict.PASSED, opinion=None, actor=None, now=now)
        _go_on(file, now)
        return
    if then is Overdue.ESCALATE:
        asked = asked_of(file, now)
        above = superiors_of(task.employee, asked.day)
        task.escalated_to_id = next((one.id for one in above if not asked.is_of(one)), None)
        session.flush()
    tell_signers([task], text=_("“%(document)s” is overdue: %(step)s"), now=now)


def _go_on(file: ApprovalFile, now: dt.datetime) -> None:
    """Go on without the opinion; where nobody may sign what comes next, it goes back to who asked, with the reason.

    Raising would stop the clock of all other files too.
    """
    try:
        with session.begin_nested():
            pass_over(file, now=now)
    except Conflict as nobody:
        file.failure = str(nobody)
        close_file(file, FileState.RETURNED, now=now)
        tell_requester(file, text=_("“%(document)s” was given back to you: %(reason)s"), now=now)
