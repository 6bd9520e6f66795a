"""Signing: agree, disagree, give back; an opinion is wanted, and nobody signs twice (P:COR-02, P:COR-07)."""

import datetime as dt

from flask_appbuilder.security.sqla.models import User

from app.approvals.definition import Step, Who
from app.approvals.models import ApprovalDeputy, ApprovalFile, ApprovalTask, FileState, TaskState, Verdict, stood_in_for
from app.approvals.moving import (
    asked_of,
    close_file,
    document_of,
    has_signed,
    note,
    open_step,
    route_of,
    settle,
    tasks_of,
)
from app.approvals.notices import tell_requester
from app.approvals.reading import MOST_STEPS, write_step
from app.approvals.signers import can_sign
from app.companies.clock import active_zone
from app.companies.models import Employee
from app.database.locking import lock_rows
from app.database.session import session
from app.errors import AppError, Conflict, NotAllowed, ValidationError
from app.i18n import _
from app.parameters.platform_values import DELEGATION, OPINION_REQUIRED
from app.security.own import is_own
from app.security.scope import employee_id_of

OPINION_LENGTH = 2_000


def find_objection(task: ApprovalTask, *, actor: User, today: dt.date) -> AppError | None:
    """Return why the actor may not sign this task today, if so (R3)."""
    employee_id, file = employee_id_of(actor), task.file
    if file.requester_id == actor.id or is_own(document_of(file), actor):
        return NotAllowed("approval.own", _("Nobody approves his own document."))
    if employee_id is None or not _may_sign(task, employee_id, today):
        return NotAllowed("approval.not_yours", _("This waits for %(name)s."), name=task.employee.name)
    if has_signed(file, employee_id):
        return NotAllowed("approval.twice", _("You have signed this file already; nobody signs it twice."))
    if employee_id != task.employee_id and _has_own(task, employee_id):
        return NotAllowed("approval.own_seat", _("You sign this step in your own name; nobody signs a file twice."))
    return None


def decide(task: ApprovalTask, verdict: Verdict, *, opinion: str | None, actor: User, now: dt.datetime) -> None:
    """Agree or disagree with a signed opinion, and move the file on.

    Raises NotAllowed for whoever may not sign it (R3), ValidationError for a blank opinion (R1), Conflict where the
    file has moved on (R2).
    """
    file = _sign(task, verdict, opinion=opinion, actor=actor, now=now)
    settle(file, now=now)


def give_back(task: ApprovalTask, *, opinion: str | None, to_step: str | None, actor: User, now: dt.datetime) -> None:
    """Give the file back: to who asked, or to an earlier step, from which on all sign anew.

    Raises what `decide` raises, and ValidationError for a step that is not before this one.
    """
    steps = [step.key for step in route_of(task.file)]
    if to_step is not None and to_step not in steps[: steps.index(task.step)]:
        raise ValidationError("approval.back", _("Choose a step before this one."), field="to_step")
    file = _sign(task, Verdict.RETURN, opinion=opinion, actor=actor, now=now, back_to=to_step)
    if to_step is not None:
        open_step(file, to_step, now=now)
        return
    close_file(file, FileState.RETURNED, now=now)
    tell_requester(file, text=_("“%(document)s” was given back to you: %(step)s"), now=now)


def add_signer(
    task: ApprovalTask, employee: Employee, *, before: bool, opinion: str | None, actor: User, now: dt.datetime
) -> None:
    """Have somebody sign too, before this step or after it.

    Raises what `decide` raises but for an opinion, and ValidationError for somebody who signed this file already,
    asked for it, wrote the document or answers for it, works here no longer or cannot log in.
    """
    file, today = _lock(task), _today(now)
    _refuse(find_objection(task, actor=actor, today=today))
    if not can_sign(employee, today) or asked_of(file, now).is_of(employee) or has_signed(file, employee.id):
        raise ValidationError(
            "approval.signer", _("%(name)s cannot sign this file."), field="employee", name=employee.name
        )
    steps = list(file.route)
    if len(steps) >= MOST_STEPS:
        raise ValidationError("approval.many", _("At most %(limit)s of these."), field="employee", limit=MOST_STEPS)
    at = next(place for place, step in enumerate(steps) if step["key"] == file.step)
    added = Step(f"added{len(steps) + 1}", employee.name, Who.PERSON, str(employee.id))
    steps.insert(at if before else at + 1, write_step(added))
    note(file, Verdict.ADD_SIGNER, opinion=opinion, actor=actor, now=now)
    file.route = steps
    session.flush()
    if before:
        open_step(file, added.key, now=now)


def withdraw(file: ApprovalFile, *, reason: str | None, actor: User | None, now: dt.datetime) -> None:
    """End a request that is open or could not be carried out. Who may is asked by the workflow of files."""
    note(file, Verdict.WITHDRAW, opinion=reason, actor=actor, now=now)
    close_file(file, FileState.WITHDRAWN, now=now)


def _sign(
    task: ApprovalTask,
    verdict: Verdict,
    *,
    opinion: str | None,
    actor: User,
    now: dt.datetime,
    back_to: str | None = None,
) -> ApprovalFile:
    file = _lock(task)
    _refuse(find_objection(task, actor=actor, today=_today(now)))
    said = (opinion or "").strip()
    if not said and (verdict is not Verdict.AGREE or OPINION_REQUIRED.value(_today(now))):
        raise ValidationError("approval.no_opinion", _("Write your opinion."), field="opinion")
    if len(said) > OPINION_LENGTH:
        raise ValidationError(
            "approval.long_opinion", _("At most %(limit)s characters."), field="opinion", limit=OPINION_LENGTH
        )
    employee_id = employee_id_of(actor)
    stood_for = None if employee_id == task.employee_id else task.employee_id
    note(file, verdict, opinion=said or None, actor=actor, now=now, back_to=back_to, stood_for=stood_for)
    task.state, task.signer_id = TaskState.SIGNED, employee_id
    session.flush()
    return file


def _lock(task: ApprovalTask) -> ApprovalFile:
    """Keep others out of the file until the commit: of two signers the second sees what the first did."""
    file = task.file
    lock_rows(file)
    session.refresh(task)
    if file.state is not FileState.OPEN or task.state is not TaskState.OPEN or task.round != file.round:
        raise Conflict("approval.moved_on", _("This file has moved on; it no longer waits for you here."))
    return file


def _may_sign(task: ApprovalTask, employee_id: int, today: dt.date) -> bool:
    if employee_id in (task.employee_id, task.escalated_to_id):
        return True
    if not DELEGATION.value(today):
        return False
    asked = (task.employee_id, task.escalated_to_id)
    stands_in = stood_in_for(employee_id, today).where(ApprovalDeputy.absent_id.in_(asked))
    return session.scalar(stands_in.limit(1)) is not None


def _has_own(task: ApprovalTask, employee_id: int) -> bool:
    """Tell whether somebody is asked in his own name too: signing for another would leave his own seat empty."""
    return any(one.employee_id == employee_id and one.state is TaskState.OPEN for one in tasks_of(task.file))


def _refuse(objection: AppError | None) -> None:
    if objection is not None:
        raise objection


def _today(now: dt.datetime) -> dt.date:
    return now.astimezone(active_zone()).date()
