"""May this transition be done now? One answer for the greyed button and for the attempt."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from flask_appbuilder.security.sqla.models import User

from app.errors import AppError, NotAllowed
from app.i18n import _
from app.security.granting import titles_granting
from app.security.roles import may
from app.security.scope import OUT_OF_SCOPE, reaches
from app.workflow.moment import moment_for
from app.workflow.refusal import Refusal
from app.workflow.transition import Transition

if TYPE_CHECKING:
    from app.workflow.definition import Workflow


def permission_refusal(workflow: "Workflow[Any]", transition: Transition, *, actor: User | None) -> Refusal | None:
    """Refuse an actor none of whose roles grants the transition, naming the roles that do (R3)."""
    if transition.automatic or (actor is not None and may(actor, transition.name, workflow.resource)):
        return None
    roles = titles_granting(transition.name, workflow.resource)
    message = (
        _("Needs the right “%(right)s”, held by: %(roles)s.")
        if roles
        else _("Needs the right “%(right)s”, which no role holds.")
    )
    return Refusal(
        "security.refused",
        message,
        error=NotAllowed,
        data={"right": transition.label, "roles": ", ".join(map(str, roles))},
    )


def scope_refusal(transition: Transition, document: Any, *, actor: User | None) -> Refusal | None:
    """Refuse an actor whose right to the transition does not reach this document (S:CORE-08)."""
    if transition.automatic or actor is None or reaches(actor, document, verb=transition.name):
        return None
    return Refusal("security.scope", OUT_OF_SCOPE, error=NotAllowed, data={"right": transition.label})


def state_refusal(workflow: "Workflow[Any]", transition: Transition, document: Any) -> Refusal | None:
    """Refuse a document that is in another state, naming its state and those needed (R2)."""
    if document.state in transition.sources:
        return None
    needed = " / ".join(str(workflow.state_label(state)) for state in transition.sources)
    return Refusal(
        "workflow.state",
        _("“%(action)s” works only in state “%(needed)s”; this is “%(state)s”."),
        data={"action": transition.label, "needed": needed, "state": workflow.state_label(document.state)},
    )


def guard_refusal(transition: Transition, document: Any, *, actor: User | None, now: dt.datetime) -> Refusal | None:
    """Return what the first refusing guard says. A guard that meets an unset parameter refuses too."""
    for guard in transition.guards:
        try:
            refusal = guard(document, actor=actor, **moment_for(guard, now))
        except AppError as error:
            refusal = Refusal(error.code, error.message, field=error.field, error=type(error), data=error.data)
        if refusal is not None:
            return refusal
    return None


def find_refusal(
    workflow: "Workflow[Any]", transition: Transition, document: Any, *, actor: User | None, now: dt.datetime
) -> Refusal | None:
    """Return the first reason against the transition: the right, its scope, the state, then the guards."""
    return (
        permission_refusal(workflow, transition, actor=actor)
        or scope_refusal(transition, document, actor=actor)
        or state_refusal(workflow, transition, document)
        or guard_refusal(transition, document, actor=actor, now=now)
    )
