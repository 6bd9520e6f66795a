"""Between the engine and approvals: what is asked, what stands in the way, and what is done once all have signed."""

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from flask import current_app
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app.approvals.asking import Request, ask, begin_anew, pending_file
from app.approvals.chained import chained_transitions
from app.approvals.deciding import withdraw
from app.approvals.events import FileApproved
from app.approvals.models import ApprovalFile, FileState
from app.approvals.moving import close_file, document_of
from app.approvals.notices import tell_requester
from app.database.base import Model
from app.database.columns import utc_now
from app.database.context import acting_user_id, active_company, set_acting_user
from app.database.isolation import CompanySession
from app.database.locking import lock_rows
from app.database.refusals import refusal_of, stale
from app.database.session import session
from app.errors import AppError, Conflict, NotFound
from app.i18n import _
from app.security.scope import resource_of
from app.workflow.arguments import load
from app.workflow.facts import facts_of, terms_of
from app.workflow.refusal import Refusal
from app.workflow.transition import Transition

if TYPE_CHECKING:
    from app.workflow.definition import Workflow

_CHANGED = "changed_terms"


def ask_approval(
    workflow: "Workflow[Any]",
    transition: Transition,
    document: Any,
    *,
    actor: User,
    arguments: Mapping[str, Any],
    now: dt.datetime,
) -> ApprovalFile | None:
    """Open a file where the company's chain wants signatures for this; None where nobody need sign."""
    if (workflow.resource, transition.name) not in chained_transitions():
        return None
    return ask(request_of(workflow, transition, document, arguments), actor=actor, now=now)


def request_of(
    workflow: "Workflow[Any]", transition: Transition, document: Any, arguments: Mapping[str, Any]
) -> Request:
    """Return what chains may look at, as it is now."""
    facts = facts_of(workflow, transition)
    return Request(
        resource=workflow.resource,
        transition=transition.name,
        document=document,
        arguments=_stored({name: value for name, value in arguments.items() if name in transition.arguments}),
        facts=facts,
        values={name: fact.read(document, arguments) for name, fact in facts.items()},
        terms=terms_of(workflow, facts),
    )


def waiting_refusal(workflow: "Workflow[Any]", transition: Transition, document: Any) -> Refusal | None:
    """Refuse what is being signed already, naming the step that it waits at."""
    if (workflow.resource, transition.name) not in chained_transitions():
        return None
    file = pending_file(workflow.resource, document.id)
    if file is None or file.transition != transition.name:
        return None
    message = {
        FileState.OPEN: _("“%(action)s” waits for approval: %(step)s."),
        FileState.APPROVED: _("“%(action)s” is approved and will be done in a moment."),
        FileState.FAILED: _("“%(action)s” is approved, not carried out: %(reason)s"),
    }[file.state]
    return Refusal(
        "approval.pending",
        message,
        link=f"/approvals/approvalfile/show/{file.id}",
        data={"action": transition.label, "step": file.step_name, "reason": file.failure},
    )


def drop_overtaken(workflow: "Workflow[Any]", document: Any, *, now: dt.datetime) -> None:
    """Withdraw what waits for a transition that the document's new state no longer allows."""
    if not any(resource == workflow.resource for resource, _transition in chained_transitions()):
        return
    file = pending_file(workflow.resource, document.id)
    transition = workflow.transitions.get(file.transition) if file is not None else None
    if file is None or file.state is FileState.APPROVED:
        return
    if transition is None or document.state not in transition.sources:
        withdraw(file, reason=None, actor=None, now=now)
        tell_requester(file, text=_("“%(document)s” went another way; nobody need approve it any more."), now=now)


def carry_out_approved(approved: FileApproved) -> None:
    """Do what all have signed, as who asked for it; a refusal becomes his task (after the commit)."""
    file = session.get(ApprovalFile, approved.file_id)
    if file is not None and file.state is FileState.APPROVED:
        carry_out(file, now=utc_now())


def carry_out(file: ApprovalFile, *, now: dt.datetime) -> None:
    """Do the transition of an approved file as its requester; guards and rights are asked anew.

    A refusal does not raise: the file is `failed` then, with the reason.
    """
    file.state, file.failure = FileState.APPROVED, None
    session.flush()
    try:
        with acting_as(file.requester_id), session.begin_nested():
            _do(file, now)
            session.flush()
    except AppError as refused:
        error = refused
    except IntegrityError as taken:
        error = refusal_of(taken)
    except StaleDataError:
        error = stale()
    else:
        close_file(file, FileState.DONE, now=now)
        tell_requester(file, text=_("“%(document)s” is approved and done."), now=now)
        return
    file.state, file.failure = FileState.FAILED, str(error)
    session.flush()
    tell_requester(file, text=_("“%(document)s” is approved, not carried out: %(reason)s"), now=now)


@contextmanager
def acting_as(user_id: int) -> Iterator[None]:
    """Act as another user for a while: what he asked for is done in his name."""
    before = acting_user_id()
    set_acting_user(user_id)
    try:
        yield
    finally:
        set_acting_user(before)


def workflow_of(resource: str) -> "Workflow[Any] | None":
    """Return the workflow of a resource, if the running code has it."""
    found: Workflow[Any] | None = current_app.extensions["workflows"].get(resource)
    return found


def _do(file: ApprovalFile, now: dt.datetime) -> None:
    from app.workflow import engine  # noqa: PLC0415  # The engine asks this module first.

    workflow, document = workflow_of(file.resource), document_of(file)
    transition = workflow.transitions.get(file.transition) if workflow is not None else None
    if workflow is None or transition is None or document is None:
        raise NotFound("record.missing", _("This record is not there any more."))
    actor = session.get_one(User, file.requester_id)
    arguments = load(file.arguments, transition.arguments)
    if transition.holds is not None:
        transition.holds(document)
    lock_rows(document)  # Before its terms are looked at: whoever is changing them has then done so, or waits.
    if request_of(workflow, transition, document, arguments).hash != file.terms_hash:
        raise Conflict("approval.terms", _("The terms have changed since they were signed."))
    engine.perform_approved(workflow, transition, document, actor=actor, arguments=arguments, now=now)
    if hasattr(document, "terms_hash"):
        document.terms_hash = file.terms_hash


def _stored(value: Any) -> Any:
    """Return arguments as the JSON body of REST would carry them, so that `load` reads them back."""
    if isinstance(value, Mapping):
        return {str(key): _stored(item) for key, item in value.items() if item is not None}
    if isinstance(value, list | tuple):
        return [_stored(item) for item in value]
    if isinstance(value, Model):
        return value.id
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, dt.date) else value


def _on_flush(changing: Session, _context: object) -> None:
    """Note which documents under a chain have changed: their terms are compared before the commit."""
    for row in changing.dirty:
        resource = _chained_resource(row)
        if resource is not None and changing.is_modified(row):
            changing.info.setdefault(_CHANGED, set()).add((active_company(), resource, row.id))


def _before_commit(changing: Session) -> None:
    """Void the opinions on documents whose terms this transaction changes."""
    if changing.in_nested_transaction():
        return
    changing.flush()
    now = utc_now()
    for company_id, resource, record_id in sorted(changing.info.pop(_CHANGED, ())):
        if company_id == active_company():
            _compare_terms(resource, record_id, now)
    changing.info.pop(_CHANGED, None)  # What was written just now changes no terms.


def _compare_terms(resource: str, record_id: int, now: dt.datetime) -> None:
    file = pending_file(resource, record_id)
    if file is None or file.state is not FileState.OPEN:
        return
    lock_rows(file)  # The last signer may be signing: what was signed is compared anew when it is carried out.
    if file.state is not FileState.OPEN:
        return
    workflow, document = workflow_of(resource), document_of(file)
    transition = workflow.transitions.get(file.transition) if workflow is not None else None
    if workflow is None or transition is None or document is None:
        return
    with acting_as(file.requester_id):  # He sees what his arguments name.
        request = request_of(workflow, transition, document, load(file.arguments, transition.arguments))
    if request.hash != file.terms_hash:
        begin_anew(file, request, now=now)
        session.flush()


def _chained_resource(row: Any) -> str | None:
    """Return the resource of a row whose documents have a chain in this company."""
    if not hasattr(row, "state"):
        return None
    known = {resource for resource, _transition in chained_transitions()}
    resource = resource_of(type(row)) if known else None
    return resource if resource in known else None


event.listen(CompanySession, "after_flush", _on_flush)
event.listen(CompanySession, "before_commit", _before_commit)
