"""The engine: is it allowed, then run the service and write the log."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy.exc import NoResultFound

from app.approvals.models import ApprovalFile
from app.database.columns import utc_now
from app.database.late_rows import write_late
from app.database.locking import lock_rows
from app.database.session import session
from app.errors import Conflict, NotAllowed, NotFound
from app.i18n import _
from app.security.roles import require
from app.workflow.approval import ask_approval, waiting_refusal
from app.workflow.buttons import Button, buttons
from app.workflow.checks import find_refusal
from app.workflow.following import Move, following
from app.workflow.models import TransitionLog
from app.workflow.moment import moment_for
from app.workflow.transition import Transition

if TYPE_CHECKING:
    from app.workflow.definition import Workflow

__all__ = ["Button", "Outcome", "buttons", "perform", "perform_approved", "perform_automatic"]


@dataclass(frozen=True)
class Outcome:
    """What became of a transition: done, or waiting as a request for approval."""

    request: ApprovalFile | None = None

    @property
    def is_done(self) -> bool:
        """Tell whether the service has run."""
        return self.request is None


def perform(
    workflow: "Workflow[Any]",
    transition: Transition,
    document: Any,
    *,
    actor: User,
    arguments: dict[str, Any],
    version: int | None = None,
) -> Outcome:
    """Do a transition for a person who asked for it.

    Raises NotAllowed without the right (R3), Conflict `record.stale` if `version`, which the person saw, is
    not the record's, Conflict `workflow.state` in another state (R2), and whatever a guard or the service refuses.
    """
    if transition.automatic:
        raise NotAllowed("workflow.automatic", _("“%(action)s” happens by itself."), action=transition.label)
    require(actor, transition.name, workflow.resource)
    return _run(workflow, transition, document, actor=actor, arguments=arguments, version=version, asks=True)


def perform_approved(
    workflow: "Workflow[Any]",
    transition: Transition,
    document: Any,
    *,
    actor: User,
    arguments: dict[str, Any],
    now: dt.datetime,
) -> Outcome:
    """Do a transition that all have signed, as who asked for it: rights, state and guards are asked anew."""
    require(actor, transition.name, workflow.resource)
    return _run(workflow, transition, document, actor=actor, arguments=arguments, version=None, at=now)


def perform_automatic(
    workflow: "Workflow[Any]", transition: Transition, document: Any, *, actor: User | None, arguments: dict[str, Any]
) -> Outcome:
    """Do an automatic transition on behalf of the service that calls it; only the state and the guards decide.

    A scheduled job has no actor.
    """
    return _run(workflow, transition, document, actor=actor, arguments=arguments, version=None)


def _run(
    workflow: "Workflow[Any]",
    transition: Transition,
    document: Any,
    *,
    actor: User | None,
    arguments: dict[str, Any],
    version: int | None,
    asks: bool = False,
    at: dt.datetime | None = None,
) -> Outcome:
    now: dt.datetime = at or arguments.get("now") or utc_now()
    with following() as moves:
        if transition.holds is not None:
            transition.holds(document)
        _lock(document)
        if version is not None and version != document.version:
            raise Conflict("record.stale", _("Somebody else has changed this record. Load it again."))
        if refusal := find_refusal(workflow, transition, document, actor=actor, now=now):
            raise refusal.to_error()
        if asks and actor is not None:
            if waiting := waiting_refusal(workflow, transition, document):
                raise waiting.to_error()
            file = ask_approval(workflow, transition, document, actor=actor, arguments=arguments, now=now)
            if file is not None:
                return Outcome(file)
        source: StrEnum = document.state
        target = transition.target or source
        document.state = target  # First, so that the service and its events see the new state.
        _log(workflow, transition, document, source=source, actor=actor, at=now, reason=_reason(arguments))
        transition.service(document, actor=actor, **{**moment_for(transition.service, now), **arguments})
        moves.append(Move(workflow, document, source, now))
    return Outcome()


def _log(
    workflow: "Workflow[Any]",
    transition: Transition,
    document: Any,
    *,
    source: StrEnum,
    actor: User | None,
    at: dt.datetime,
    reason: str | None,
) -> None:
    line = {
        "company_id": document.company_id,
        "version": 1,
        "resource": workflow.resource,
        "record_id": document.id,
        "transition": transition.name,
        "source": source.value,
        "target": (transition.target or source).value,
        "actor_id": actor.id if actor else None,
        "at": at,
        "reason": reason,
    }
    write_late(session.connection(), TransitionLog.__table__, [line])


def _lock(document: Any) -> None:
    try:
        lock_rows(document)
    except NoResultFound as error:
        raise NotFound("record.missing", _("This record is not there any more.")) from error


def _reason(arguments: dict[str, Any]) -> str | None:
    reason = arguments.get("reason")
    return None if reason is None else str(reason)
