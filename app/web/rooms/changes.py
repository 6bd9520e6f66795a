"""Change requests: from who asks to the responsible head, and on to the record (S:CORE-10)."""

import datetime as dt
import sys
from collections.abc import Sequence
from functools import partial
from typing import Any

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.addon_loader.contributions import AddonSetup
from app.approvals.asking import pending_file
from app.approvals.models import FileState
from app.changes.models import ChangeRequest, ChangeState
from app.changes.words import changes_in_words
from app.companies.clock import active_zone
from app.companies.models import Employee
from app.companies.org import employee_of, superior_of
from app.crud.changing.applying import apply_change, sees_record
from app.crud.changing.links import CHANGE_REQUEST
from app.crud.personal import note_reading
from app.crud.records import call_in_savepoint
from app.crud.slots import Section
from app.crud.view import CrudView, view_of
from app.database.session import session
from app.errors import AppError, NotAllowed, Text
from app.i18n import _
from app.masterdata.choices import NumberReset
from app.masterdata.numbering import NumberFormat, NumberSeriesDefinition, draw_number
from app.notices import NoticeKind, notify
from app.parameters.platform_values import CHANGE_HOURS
from app.security.roles import Role, acting_user, may
from app.security.scope import reaches, visible
from app.web.rooms.overdue import CHANGE_CLOCK
from app.workflow.arguments import LongText
from app.workflow.definition import Workflow
from app.workflow.refusal import Refusal
from app.workflow.todo import MOST_TODOS, Todo, TodoList
from app.workflow.transition import Transition

MOST_LEVELS = 10  # Up the line, until somebody may decide.
NUMBERS = NumberSeriesDefinition(
    "changes.request", _("Change requests"), NumberFormat("CR{yyyy}{number:04}", NumberReset.YEAR)
)
ASKED = NoticeKind("changes.asked", _("A change waits for my decision"), "git-pull-request")
DECIDED = NoticeKind("changes.decided", _("A change that I asked for was decided"), "git-pull-request")
APPROVER = Role(
    "changes_approver", _("Change approver"), {CHANGE_REQUEST: ("list", "show", "approve", "refuse", "export")}
)


def is_not_own(request: ChangeRequest, *, actor: User) -> Refusal | None:
    """Refuse whoever asked for it: nobody decides his own request (R3)."""
    if request.requester_id != actor.id:
        return None
    return Refusal("change.own", _("Nobody approves his own document."), error=NotAllowed)


def is_seen(request: ChangeRequest, *, actor: User) -> Refusal | None:
    """Refuse whoever may not see the record that it is about (R3)."""
    if sees_record(request, actor=actor):
        return None
    return Refusal("change.unseen", _("You do not see the record that this is about."), error=NotAllowed)


def is_requester(request: ChangeRequest, *, actor: User) -> Refusal | None:
    """Refuse whoever did not ask for it (R3)."""
    if request.requester_id == actor.id:
        return None
    return Refusal(
        "change.not_requester", _("Only %(name)s, who asked, can do this."), error=NotAllowed,
        data={"name": request.requester.get_full_name()},
    )  # fmt: skip


_SUBMITTED, _APPROVED = ChangeState.SUBMITTED, ChangeState.APPROVED
WORKFLOW = Workflow(
    ChangeRequest,
    Transition("submit", ChangeState.DRAFT, _SUBMITTED, _("Submit"), guard=is_requester, icon="send"),
    Transition(
        "approve", _SUBMITTED, _APPROVED, _("Approve"), guard=(is_not_own, is_seen), icon="check", tone="primary"
    ),
    Transition(
        "refuse", _SUBMITTED, ChangeState.REFUSED, _("Refuse"), guard=(is_not_own, is_seen), icon="x", tone="danger"
    ),
    Transition("signed", _SUBMITTED, _APPROVED, _("Approve"), automatic=True),
    Transition("apply", _APPROVED, ChangeState.APPLIED, _("Apply"), automatic=True),
    Transition("try_again", _APPROVED, None, _("Try again"), guard=is_requester, icon="play", tone="primary"),
    Transition(
        "withdraw",
        (ChangeState.DRAFT, _SUBMITTED, _APPROVED),
        ChangeState.WITHDRAWN,
        _("Withdraw"),
        guard=is_requester,
        icon="undo-2",
        confirm=_("Withdraw this request?"),
    ),
    main_path=(ChangeState.DRAFT, _SUBMITTED, _APPROVED, ChangeState.APPLIED),
    terms=("resource", "record_id", "record_version", "reason"),
)


@WORKFLOW.transition("submit")
def submit(request: ChangeRequest, *, actor: User, now: dt.datetime) -> None:
    """Give it a number and lay it before the head; where a chain of the company has signed it, it is approved."""
    file = pending_file(CHANGE_REQUEST, request.id)
    if file is not None and file.state is FileState.APPROVED:
        signed(request, actor=actor, now=now)
    else:
        _lay_before_head(request, actor, now)
    request.number = draw_number(NUMBERS.key, legal_entity_id=None, on=now.astimezone(active_zone()).date())


@WORKFLOW.transition("approve")
def approve(request: ChangeRequest, *, actor: User, now: dt.datetime) -> None:
    """Approve it, and have it applied."""
    request.decided_by_id, request.decided_at = actor.id, now
    _carry_out(request, now)


@WORKFLOW.transition("signed")
def signed(request: ChangeRequest, *, actor: User, now: dt.datetime) -> None:
    """Note that all signers of the company's chain approved it, and have it applied."""
    request.decided_at = now
    _carry_out(request, now)


@WORKFLOW.transition("apply")
def apply(request: ChangeRequest, *, actor: User | None, now: dt.datetime) -> None:
    """Write it into the record. Raises what the record's own service refuses, and Conflict for a stale one."""
    apply_change(request, now=now)
    request.applied_at, request.failure = now, None


@WORKFLOW.transition("try_again")
def try_again(request: ChangeRequest, *, actor: User, now: dt.datetime) -> None:
    """Apply what could not be applied before."""
    apply(request, actor=actor, now=now)


@WORKFLOW.transition("refuse")
def refuse(request: ChangeRequest, *, actor: User, now: dt.datetime, reason: LongText) -> None:
    """Refuse it; the record stays as it is, and who asked is told why."""
    request.decided_by_id, request.decided_at, request.answer = actor.id, now, reason
    _tell_requester(request, _("Your change request %(request)s was refused: %(reason)s"), now, reason=reason)


@WORKFLOW.transition("withdraw")
def withdraw(request: ChangeRequest, *, actor: User, now: dt.datetime) -> None:
    """Take it back; the record stays as it is."""


def _carry_out(request: ChangeRequest, now: dt.datetime) -> None:
    """Apply what was approved; what stands against it becomes the requester's to settle."""
    try:
        call_in_savepoint(partial(apply, request, actor=None, now=now))
    except AppError as error:
        request.failure = str(error)[:400]
        text = _("Your change request %(request)s is approved, not carried out: %(reason)s")
        _tell_requester(request, text, now, reason=request.failure)
    else:
        _tell_requester(request, _("Your change request %(request)s is approved and done."), now)


def _tell_requester(request: ChangeRequest, text: Any, now: dt.datetime, **values: str) -> None:
    told = {"request": str(request), **values}
    notify([request.requester_id], kind=DECIDED, text=text, values=told, about=request, now=now)


def _lay_before_head(request: ChangeRequest, actor: User, now: dt.datetime) -> None:
    """Set the clock of the decision, and tell the responsible head if there is one."""
    day = now.astimezone(active_zone()).date()
    request.due_at = now + dt.timedelta(hours=CHANGE_HOURS.value(day))
    head = _head(request, day)
    if head is not None and head.user_id is not None:
        request.submitted_to_id = head.id
        text = _("%(who)s asks for a change: %(record)s")
        notify([head.user_id], kind=ASKED, text=text, values={"who": actor.get_full_name()}, about=request, now=now)


def _head(request: ChangeRequest, day: dt.date) -> Employee | None:
    """Return the responsible head: the nearest superior of the record's owner who may decide, else of whoever asked."""
    asker: Employee | None = employee_of(request.requester_id)
    owner_id = getattr(request.document, "owner_id", None)
    for start in (owner_id, asker.id if asker is not None else None):
        head = superior_of(start, on=day) if start is not None else None
        for _level in range(MOST_LEVELS):
            if head is None or _may_decide(head, request):
                break
            head = superior_of(head.id, on=day)
        if head is not None and _may_decide(head, request):
            return head
    return None


def _may_decide(head: Employee, request: ChangeRequest) -> bool:
    user = session.get(User, head.user_id) if head.user_id is not None else None
    if user is None or user.id == request.requester_id or not may(user, "approve", CHANGE_REQUEST):
        return False
    return reaches(user, request, verb="approve") and sees_record(request, actor=user)


class ChangeRequestView(CrudView):
    """Change requests; they are written on the page of the record."""

    model = ChangeRequest
    title = _("Change requests")
    verbs = ("list", "show")
    workflow = WORKFLOW
    list_columns = ("number", "document", "asked", "reason", "requester", "doc_date", "due_at", "decided_at", "state")
    show_only = (
        *("number", "document", "reason", "requester", "doc_date"),
        *("asked", "submitted_to", "due_at", "decided_by", "decided_at", "answer", "applied_at", "failure"),
    )
    search_columns = ("number", "reason", "owner_id", "org_unit_id", "doc_date", "decided_at", "applied_at", "state")
    attachments = True
    labels = {
        "document": _("Record"),
        "asked": _("What changes"),
        "requester": _("Requested by"),
        "doc_date": _("Requested on"),
        "submitted_to": _("Responsible head"),
        "due_at": _("To be decided by"),
        "decided_by": _("Decided by"),
        "decided_at": _("Decided at"),
        "answer": _("Why it was refused"),
        "applied_at": _("Applied at"),
        "failure": _("Why it was not carried out"),
    }


def _in_clear(request_id: int) -> Sequence[tuple[Text, Any]]:
    """Return the changes field by field; who reads personal values in clear is noted (P:CRM-20)."""
    request = session.get_one(ChangeRequest, request_id)
    view, record = view_of(request.resource), request.document
    if view is not None and record is not None:
        masks = {name: mask for name, mask in view.shown_personal.items() if name in request.fields}
        note_reading(record, masks, acting_user())
    return [(one.label, one.both) for one in changes_in_words(request, in_clear=True)]


def to_decide(actor: User, _now: dt.datetime) -> Sequence[Todo]:
    """Return the requests of others that the actor may decide, the oldest first."""
    within = visible(ChangeRequest, actor, verb="approve")
    statement = (
        sa.select(ChangeRequest)
        .where(ChangeRequest.state == _SUBMITTED, ChangeRequest.requester_id != actor.id)
        .where(*([] if within is None else [within]))
        .order_by(ChangeRequest.id)
        .limit(MOST_TODOS)
    )
    return [
        Todo(title=f"{one} {one.requester.get_full_name()}", resource=CHANGE_REQUEST, record_id=one.id, due=one.due_at)
        for one in session.scalars(statement)
    ]


def setup(addon: AddonSetup) -> None:
    """Record the screen."""
    addon.add_models(ChangeRequest)
    addon.add_roles(APPROVER)
    addon.add_number_series(NUMBERS)
    addon.add_workflow(WORKFLOW, sys.modules[__name__])
    addon.add_notice_kinds(ASKED, DECIDED)
    addon.add_view(ChangeRequestView, menu="Approvals/Change requests", icon="git-pull-request")
    addon.extend_view("changes.ChangeRequestView", Section("changes", _("What changes"), _in_clear))
    addon.add_clock(CHANGE_CLOCK)
    addon.add_todo_list(
        TodoList("changes.to_decide", _("Change requests to decide"), "git-pull-request", CHANGE_REQUEST, to_decide)
    )
