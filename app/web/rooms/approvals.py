"""Approvals: what waits for whom, what became of requests, and who stands in for whom (P:COR-02, P:COR-07)."""

import datetime as dt
import sys
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_appbuilder.security.sqla.models import User
from sqlalchemy.orm import joinedload

from app.addon_loader.contributions import AddonSetup
from app.approvals.deadlines import mind_deadlines
from app.approvals.deciding import add_signer as put_signer
from app.approvals.deciding import decide, find_objection
from app.approvals.deciding import give_back as return_file
from app.approvals.deciding import withdraw as withdraw_file
from app.approvals.deputies import name_deputy
from app.approvals.events import FileApproved
from app.approvals.models import ApprovalDeputy, ApprovalFile, ApprovalLine, ApprovalTask, FileState, TaskState, Verdict
from app.approvals.moving import ended_by, lines_of, route_of
from app.approvals.notices import KINDS
from app.companies.models import Employee
from app.crud.slots import Section, Tab
from app.crud.view import CrudView
from app.database.columns import utc_now
from app.database.locking import lock_rows
from app.database.session import session
from app.errors import Conflict, NotAllowed, Text, ValidationError
from app.i18n import _, member_words
from app.jobs import Progress
from app.security.records import visible_titles
from app.security.scope import reach_of
from app.web.chains_page import ChainsPage
from app.web.formatting import moment
from app.web.rooms.overdue import APPROVAL_CLOCK, OVERDUE
from app.workflow.approval import carry_out as carry_out_file
from app.workflow.approval import carry_out_approved
from app.workflow.approval_words import explained_route, shown_facts
from app.workflow.arguments import LongText
from app.workflow.definition import Workflow
from app.workflow.refusal import Refusal
from app.workflow.todo import MOST_TODOS, Todo, TodoList
from app.workflow.transition import Transition

_FILE = "approvals.ApprovalFile"


class When(StrEnum):
    """On which side of a step somebody is added."""

    BEFORE = "before"
    AFTER = "after"


def may_sign(task: ApprovalTask, *, actor: User, today: dt.date) -> Refusal | None:
    """Refuse whoever may not sign it, or has signed the file already."""
    objection = find_objection(task, actor=actor, today=today)
    if objection is None:
        return None
    return Refusal(objection.code, objection.message, error=type(objection), data=objection.data)


def is_requester(file: ApprovalFile, *, actor: User) -> Refusal | None:
    """Refuse whoever did not ask for it."""
    if file.requester_id == actor.id:
        return None
    return Refusal(
        "approval.not_requester", _("Only %(name)s, who asked, can do this."), error=NotAllowed,
        data={"name": file.requested_by},
    )  # fmt: skip


TASKS = Workflow(
    ApprovalTask,
    Transition("agree", TaskState.OPEN, None, _("Agree"), guard=may_sign, icon="check", tone="primary"),
    Transition("disagree", TaskState.OPEN, None, _("Disagree"), guard=may_sign, icon="x", tone="danger"),
    Transition("give_back", TaskState.OPEN, None, _("Give back"), guard=may_sign, icon="undo-2"),
    Transition("add_signer", TaskState.OPEN, None, _("Add a signer"), guard=may_sign, icon="user-plus", tone="quiet"),
    main_path=(TaskState.OPEN, TaskState.SIGNED),
)
FILES = Workflow(
    ApprovalFile,
    Transition(
        "withdraw",
        (FileState.OPEN, FileState.FAILED),
        None,
        _("Withdraw"),
        guard=is_requester,
        icon="undo-2",
        confirm=_("Withdraw this request?"),
    ),
    Transition("carry_out", FileState.FAILED, None, _("Try again"), guard=is_requester, icon="play", tone="primary"),
    main_path=(FileState.OPEN, FileState.APPROVED, FileState.DONE),
)


def hold_file(task: ApprovalTask) -> None:
    """Keep others out of the file before the task is locked, as the clock does: two signers wait, and never cross."""
    lock_rows(task.file)


@TASKS.transition("agree", holds=hold_file)
def agree(task: ApprovalTask, *, actor: User, now: dt.datetime, opinion: LongText | None = None) -> None:
    """Agree, with a signed opinion unless the company wants none (P:COR-02)."""
    decide(task, Verdict.AGREE, opinion=opinion, actor=actor, now=now)


@TASKS.transition("disagree", holds=hold_file)
def disagree(task: ApprovalTask, *, actor: User, now: dt.datetime, opinion: LongText) -> None:
    """Disagree; where the step is more than an opinion, the request is refused."""
    decide(task, Verdict.DISAGREE, opinion=opinion, actor=actor, now=now)


@TASKS.transition("give_back", holds=hold_file)
def give_back(
    task: ApprovalTask, *, actor: User, now: dt.datetime, opinion: LongText, steps_back: int | None = None
) -> None:
    """Give it back to who asked, or so many steps. Raises ValidationError for more steps than there were."""
    before = [step.key for step in route_of(task.file)]
    before = before[: before.index(task.step)]
    if steps_back is not None and not 1 <= steps_back <= len(before):
        raise ValidationError(
            "approval.back",
            _("There are %(limit)s steps before this one. Leave it blank to give it back to who asked."),
            field="steps_back",
            limit=len(before),
        )
    to_step = before[-steps_back] if steps_back is not None else None
    return_file(task, opinion=opinion, to_step=to_step, actor=actor, now=now)


@TASKS.transition("add_signer", holds=hold_file)
def add_signer(
    task: ApprovalTask,
    *,
    actor: User,
    now: dt.datetime,
    employee: Employee,
    when: When = When.BEFORE,
    reason: str | None = None,
) -> None:
    """Have a colleague sign too, before this step or after it."""
    put_signer(task, employee, before=when is When.BEFORE, opinion=reason, actor=actor, now=now)


@FILES.transition("withdraw")
def withdraw(file: ApprovalFile, *, actor: User, now: dt.datetime, reason: str | None = None) -> None:
    """Take a request back; the document stays as it is."""
    withdraw_file(file, reason=reason, actor=actor, now=now)


@FILES.transition("carry_out")
def carry_out(file: ApprovalFile, *, actor: User, now: dt.datetime) -> None:
    """Try once more what is approved and could not be done."""
    carry_out_file(file, now=now)
    if file.state is FileState.FAILED:
        raise Conflict("approval.failed", _("Not carried out: %(reason)s"), reason=file.failure)


class ApprovalTaskView(CrudView):
    """The inbox: what the reader may sign today."""

    model = ApprovalTask
    title = _("Waiting for me")
    verbs = ("list", "show")
    workflow = TASKS
    list_columns = (
        "file.title",
        "action",
        "file.requested_by",
        "file.step_name",
        "employee",
        "file.asked_at",
        "due_at",
    )
    show_only = ("document", "action", "file.requested_by", "file.asked_at", "file.step_name", "employee", "due_at")
    search_columns = ("due_at", "employee_id")
    order = ("id", "asc")
    labels = {
        "file.title": _("Document"),
        "document": _("Document"),
        "file.requested_by": _("Requested by"),
        "file.step_name": _("Step"),
        "file.asked_at": _("Asked at"),
        "employee": _("Signer"),
        "employee_id": _("Signer"),
    }

    def moved_on(self, key: int | None, actor: User) -> tuple[Text, str] | None:
        """Return who decided a task that waits no longer, and the address of its file, to whoever may see that."""
        task = session.get(ApprovalTask, key) if key is not None else None
        if task is None or task.state is TaskState.OPEN:
            return None
        if not visible_titles({_FILE: {task.file_id}}, actor=actor):
            return None
        line = ended_by(task)
        text = _("This file has moved on; it no longer waits for you here.") if line is None else _decided(line)
        return text, url_for("approvals_ApprovalFileView.show", pk=task.file_id)


def _decided(line: ApprovalLine) -> Text:
    said = {"step": line.step_name, "name": _signer(line) or _("The system"), "verdict": member_words(line.verdict)}
    return str(_("“%(step)s” is decided: %(name)s, %(at)s, %(verdict)s.")) % {**said, "at": moment(line.at)}


class ApprovalFileView(CrudView):
    """Requests: one's own, and those one has signed; whoever is granted more sees more."""

    model = ApprovalFile
    title = _("Approval requests")
    verbs = ("list", "show")
    workflow = FILES
    list_columns = ("title", "action", "state", "step_name", "requested_by", "asked_at", "closed_at")
    show_only = (
        "action", "document", "state", "step_name", "requested_by", "asked_at", "due_at", "closed_at", "failure",
    )  # fmt: skip
    search_columns = ("title", "state", "requested_by", "asked_at")
    labels = {"title": _("Document"), "step_name": _("Step"), "failure": _("Reason")}


class ApprovalDeputyView(CrudView):
    """Who signs in whose stead, by days (P:COR-07)."""

    model = ApprovalDeputy
    title = _("Deputies")
    verbs = ("list", "show", "add", "delete")
    list_columns = ("absent", "deputy", "first_day", "last_day")
    form_columns = ("absent_id", "deputy_id", "first_day", "last_day")
    search_columns = ("absent_id", "deputy_id", "first_day", "last_day")
    labels = {
        "absent": _("Absent"),
        "absent_id": _("Absent"),
        "deputy": _("Deputy"),
        "deputy_id": _("Deputy"),
        "first_day": _("Stands in from"),
        "last_day": _("Stands in until"),
    }

    @staticmethod
    def create_with(
        *, actor: User, absent_id: int, deputy_id: int, first_day: dt.date, last_day: dt.date
    ) -> ApprovalDeputy:
        """Name a deputy."""
        absent, deputy = session.get_one(Employee, absent_id), session.get_one(Employee, deputy_id)
        return name_deputy(absent, deputy=deputy, first_day=first_day, last_day=last_day, actor=actor, now=utc_now())


def _file_of_task(task_id: int) -> ApprovalFile:
    return session.get_one(ApprovalTask, task_id).file


def _said(file: ApprovalFile) -> Sequence[Mapping[str, Any]]:
    return [_shown(line) for line in lines_of(file)]


def _signer(line: ApprovalLine) -> str:
    name = line.employee.name if line.employee is not None else ""
    if line.stood_for is None:
        return name
    return str(_("%(name)s for %(absent)s")) % {"name": name, "absent": line.stood_for.name}


def _shown(line: ApprovalLine) -> dict[str, Any]:
    return {
        "at": line.at,
        "step_name": line.step_name,
        "signer": _signer(line),
        "verdict": line.verdict,
        "opinion": line.opinion,
    }


def _slots(of: Any) -> Sequence[Section | Tab]:
    labels: dict[str, Text] = {
        "at": _("At"), "step_name": _("Step"), "signer": _("Signer"), "verdict": _("Verdict"), "opinion": _("Opinion"),
    }  # fmt: skip
    return (
        Section("terms", _("What is asked for"), lambda key: shown_facts(of(key))),
        Section("route", _("Why it takes this path"), lambda key: explained_route(of(key))),
        Tab("lines", _("What was said"), tuple(labels), lambda key: _said(of(key)), labels),
    )


def _to_sign(actor: User, now: dt.datetime) -> Sequence[Todo]:
    """Return what waits for the actor's signature, the most urgent first."""
    mine = reach_of(ApprovalTask, actor, verb="list").condition(ApprovalTask)
    tasks = sa.select(ApprovalTask).where(sa.true() if mine is None else mine).options(joinedload(ApprovalTask.file))
    return [
        Todo(
            title=task.file.title,
            resource="approvals.ApprovalTask",
            record_id=task.id,
            due=task.due_at,
            note=task.action,
        )
        for task in session.scalars(tasks.order_by(ApprovalTask.due_at.nulls_last(), ApprovalTask.id).limit(MOST_TODOS))
    ]


def _not_carried_out(actor: User, _now: dt.datetime) -> Sequence[Todo]:
    """Return what the actor asked for that was approved and could not be done."""
    failed = sa.select(ApprovalFile).where(
        ApprovalFile.requester_id == actor.id, ApprovalFile.state == FileState.FAILED
    )
    return [
        Todo(title=file.title, resource=_FILE, record_id=file.id, note=file.failure or "")
        for file in session.scalars(failed.order_by(ApprovalFile.id).limit(MOST_TODOS))
    ]


def mind_approvals(_progress: Progress) -> None:
    """Remind whoever's time is running out, and act on what is overdue."""
    mind_deadlines(utc_now())


TODO_LISTS = (
    TodoList("approvals.to_sign", _("Waiting for my approval"), "stamp", "approvals.ApprovalTask", _to_sign),
    TodoList(
        "approvals.failed", _("Approved, not carried out"), "triangle-alert", "approvals.ApprovalFile", _not_carried_out
    ),
)


def setup(addon: AddonSetup) -> None:
    """Record the screens."""
    addon.add_models(ApprovalTask, ApprovalFile, ApprovalDeputy)
    addon.add_workflow(TASKS, sys.modules[__name__])
    addon.add_workflow(FILES, sys.modules[__name__])
    addon.add_notice_kinds(*KINDS)
    addon.add_todo_list(*TODO_LISTS)
    addon.add_view(ApprovalTaskView, menu="Approvals/Waiting for me", icon="stamp")
    addon.add_view(ApprovalFileView, menu="Approvals/Requests", icon="files")
    addon.add_view(ApprovalDeputyView, menu="Approvals/Deputies", icon="user-check")
    addon.add_clock(APPROVAL_CLOCK)
    addon.add_report(OVERDUE, menu="Approvals/Overdue steps", icon="clock-alert")
    addon.add_page(ChainsPage, menu="Approvals/Chains", icon="route")

    for slot in _slots(_file_of_task):
        addon.extend_view("approvals.ApprovalTaskView", slot)
    for slot in _slots(lambda key: session.get_one(ApprovalFile, key)):
        addon.extend_view("approvals.ApprovalFileView", slot)
    addon.subscribe(FileApproved, carry_out_approved, after_commit=True)
    addon.add_job(mind_approvals, every=dt.timedelta(minutes=1))
