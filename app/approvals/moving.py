"""Moving a file from step to step: tasks for its signers, until all have signed or somebody has refused."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.approvals.definition import Deadline, Step, Unit
from app.approvals.events import FileApproved
from app.approvals.models import ApprovalFile, ApprovalLine, ApprovalTask, FileState, TaskState, Verdict
from app.approvals.notices import tell_requester, tell_signers
from app.approvals.reading import read_step
from app.approvals.signers import Asked, signers_of
from app.approvals.standing import Standing, persons, standing, still_valid, verdicts
from app.companies.clock import active_zone, day_bounds
from app.companies.models import Employee
from app.database.session import session
from app.events import publish
from app.i18n import _
from app.masterdata.working_days import add_workdays
from app.security.records import model_of
from app.security.scope import employee_id_of

WAITS = _("“%(document)s” waits for your approval: %(step)s")


def route_of(file: ApprovalFile) -> list[Step]:
    """Return the steps of a file."""
    return [read_step(step) for step in file.route]


def lines_of(file: ApprovalFile) -> Sequence[ApprovalLine]:
    """Return what was said, oldest first."""
    return session.scalars(
        sa.select(ApprovalLine).where(ApprovalLine.file_id == file.id).order_by(ApprovalLine.id)
    ).all()


def ended_by(task: ApprovalTask) -> ApprovalLine | None:
    """Return what was said last at the step of a task: by its signer, or by whoever made his signature needless."""
    said = sa.select(ApprovalLine).where(ApprovalLine.file_id == task.file_id, ApprovalLine.step == task.step)
    if task.signer_id is not None:
        said = said.where(ApprovalLine.employee_id == task.signer_id)
    return session.scalar(said.order_by(ApprovalLine.id.desc()).limit(1))


def tasks_of(file: ApprovalFile) -> Sequence[ApprovalTask]:
    """Return the signatures of the step that the file lies at, given ones included."""
    present = sa.and_(ApprovalTask.file_id == file.id, ApprovalTask.round == file.round)
    return session.scalars(sa.select(ApprovalTask).where(present).order_by(ApprovalTask.id)).all()


def valid_lines(file: ApprovalFile) -> list[ApprovalLine]:
    """Return the opinions that still hold."""
    return still_valid(lines_of(file), [step.key for step in route_of(file)])  # type: ignore[return-value]  # They are lines.


def has_signed(file: ApprovalFile, employee_id: int) -> bool:
    """Tell whether somebody has signed this file, for himself or for another."""
    return employee_id in persons(valid_lines(file))


def open_step(file: ApprovalFile, key: str, *, now: dt.datetime) -> None:
    """Lay the file before the signers of a step, and on to the next one where they have all signed before.

    Raises Conflict `approval.nobody` where nobody may sign it.
    """
    step = next(step for step in route_of(file) if step.key == key)
    people = signers_of(step, asked_of(file, now))
    _close_tasks(file)
    file.step, file.step_name, file.round = step.key, step.name, file.round + 1
    file.due_at = due = due_of(step.deadline, now)
    said = verdicts(step, {person.id for person in people}, valid_lines(file))
    tasks = [
        ApprovalTask(
            file=file,
            employee_id=person.id,
            step=step.key,
            round=file.round,
            state=TaskState.SIGNED if person.id in said else TaskState.OPEN,
            due_at=due,
            remind_at=_remind_at(step.deadline, due),
        )
        for person in people
    ]
    session.add_all(tasks)
    session.flush()
    if not settle(file, now=now):
        tell_signers([task for task in tasks if task.state is TaskState.OPEN], text=WAITS, now=now)


def settle(file: ApprovalFile, *, now: dt.datetime) -> bool:
    """Move the file on if its step has been signed, or refused; tell whether it did."""
    step = next(step for step in route_of(file) if step.key == file.step)
    seats = {task.employee_id for task in tasks_of(file)}
    result = standing(step, seats, verdicts(step, seats, valid_lines(file)))
    if result is Standing.OPEN:
        return False
    if result is Standing.REJECTED:
        close_file(file, FileState.REJECTED, now=now)
        tell_requester(file, text=_("“%(document)s” was refused: %(step)s"), now=now)
    else:
        pass_over(file, now=now)
    return True


def pass_over(file: ApprovalFile, *, now: dt.datetime) -> None:
    """Go on to the next step; after the last one the file is approved, and carried out after the commit."""
    steps = [step.key for step in route_of(file)]
    at = steps.index(str(file.step))
    if at + 1 < len(steps):
        open_step(file, steps[at + 1], now=now)
        return
    close_file(file, FileState.APPROVED, now=now)
    publish(FileApproved(company_id=file.company_id, file_id=file.id))


def close_file(file: ApprovalFile, state: FileState, *, now: dt.datetime) -> None:
    """End the file: nobody need sign any more."""
    _close_tasks(file)
    file.state, file.closed_at, file.due_at = state, now, None
    session.flush()


def document_of(file: ApprovalFile) -> Any:
    """Return the document of a file; None where it is not there any more."""
    model = model_of(file.resource)
    return session.get(model, file.record_id) if model is not None else None


def asked_of(file: ApprovalFile, now: dt.datetime) -> Asked:
    """Return from what the signers of a file are found."""
    requester = session.scalar(sa.select(Employee).where(Employee.user_id == file.requester_id))
    return Asked(document_of(file), requester, now.astimezone(active_zone()).date())


def due_of(deadline: Deadline | None, now: dt.datetime) -> dt.datetime | None:
    """Return the instant until which a step is to be signed, by the company's clock and calendar."""
    if deadline is None:
        return None
    if deadline.unit is Unit.MINUTES:
        return now + dt.timedelta(minutes=deadline.count)
    today = now.astimezone(active_zone()).date()
    return day_bounds(add_workdays(today, deadline.count))[1]


def note(
    file: ApprovalFile,
    verdict: Verdict,
    *,
    opinion: str | None,
    actor: User | None,
    now: dt.datetime,
    back_to: str | None = None,
    stood_for: int | None = None,
) -> None:
    """Add what somebody said, or what the clock or a change of the terms did, to the file's history."""
    session.add(
        ApprovalLine(
            file=file,
            step=file.step,
            step_name=file.step_name,
            verdict=verdict,
            opinion=opinion,
            signer_id=actor.id if actor else None,
            employee_id=employee_id_of(actor) if actor else None,
            for_id=stood_for,
            back_to=back_to,
            at=now,
        )
    )
    session.flush()


def _remind_at(deadline: Deadline | None, due: dt.datetime | None) -> dt.datetime | None:
    if deadline is None or due is None or not deadline.remind_before:
        return None
    return due - dt.timedelta(minutes=deadline.remind_before)


def _close_tasks(file: ApprovalFile) -> None:
    for task in tasks_of(file):
        if task.state is TaskState.OPEN:
            task.state = TaskState.CLOSED
    session.flush()
