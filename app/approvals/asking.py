"""Asking for approval: a file is opened where the company's chain wants signatures (S:CORE-09)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.approvals.chains import active_chain, definition_of
from app.approvals.facts import Fact, FactKind, stored
from app.approvals.models import ApprovalFile, FileState, Verdict
from app.approvals.moving import close_file, note, open_step, route_of
from app.approvals.notices import tell_requester
from app.approvals.reading import write_step
from app.approvals.routing import Route, choose_route
from app.approvals.terms import terms_hash
from app.companies.clock import active_zone
from app.companies.models import OrgPlacement
from app.companies.org import employee_of, valid_on
from app.database.session import session
from app.errors import Conflict
from app.i18n import _
from app.security.scope import employee_id_of

PENDING = (FileState.OPEN, FileState.APPROVED, FileState.FAILED)


@dataclass(frozen=True)
class Request:
    """A transition that somebody wants done: of what, with which arguments as JSON, and what chains may look at."""

    resource: str
    transition: str
    document: Any
    arguments: Mapping[str, Any]
    facts: Mapping[str, Fact]
    values: Mapping[str, Any]
    terms: frozenset[str]  # Those whose change voids what was signed.

    @property
    def stored_values(self) -> dict[str, Any]:
        """The values as JSON."""
        return {name: stored(value) for name, value in self.values.items()}

    @property
    def hash(self) -> str:
        """The hash of the terms."""
        return terms_hash({name: value for name, value in self.stored_values.items() if name in self.terms})


def ask(request: Request, *, actor: User, now: dt.datetime) -> ApprovalFile | None:
    """Open a file if the company's chain wants signatures for this; None where nobody need sign.

    Raises Conflict `approval.pending` where one is open already, `approval.nobody` for a step that nobody may sign.
    """
    chain = active_chain(request.resource, request.transition)
    if chain is None:
        return None
    route = find_route(chain, request, today=now.astimezone(active_zone()).date())
    if route is None or not route.steps:
        return None
    if pending_file(request.resource, request.document.id) is not None:
        raise Conflict("approval.pending", _("This waits for approval already."))
    file = ApprovalFile(
        resource=request.resource,
        record_id=request.document.id,
        transition=request.transition,
        title=str(request.document)[:200],
        chain=chain,
        rule=route.rule.name,
        facts=request.stored_values,
        route=[write_step(step) for step in route.steps],
        arguments=dict(request.arguments),
        terms_hash=request.hash,
        requester_id=actor.id,
        requested_by=_name_of(actor)[:80],
        owner_id=employee_id_of(actor),
        asked_at=now,
    )
    session.add(file)
    session.flush()
    open_step(file, route.steps[0].key, now=now)
    return file


def _name_of(user: User) -> str:
    employee = employee_of(user.id)
    return employee.name if employee is not None else f"{user.first_name} {user.last_name}".strip() or user.username


def begin_anew(file: ApprovalFile, request: Request, *, now: dt.datetime) -> None:
    """Void what was said of terms that have changed: the file takes the path of the new ones, by its own version.

    Where that has no steps, or nobody may sign one, it goes back to who asked.
    """
    route = find_route(file.chain, request, today=now.astimezone(active_zone()).date())
    note(file, Verdict.VOID, opinion=None, actor=None, now=now, back_to=route_of(file)[0].key)
    file.facts, file.terms_hash, file.title = request.stored_values, request.hash, str(request.document)[:200]
    try:
        if route is None or not route.steps:
            raise Conflict("approval.nobody", _("With these terms nobody need sign."))
        with session.begin_nested():
            file.rule, file.route = route.rule.name, [write_step(step) for step in route.steps]
            open_step(file, route.steps[0].key, now=now)
    except Conflict:
        close_file(file, FileState.RETURNED, now=now)
    tell_requester(file, text=_("The terms of “%(document)s” have changed: all sign anew."), now=now)


def pending_file(resource: str, record_id: int) -> ApprovalFile | None:
    """Return the file of a document that is still to be signed or to be carried out."""
    return session.scalar(
        sa.select(ApprovalFile).where(
            ApprovalFile.resource == resource, ApprovalFile.record_id == record_id, ApprovalFile.state.in_(PENDING)
        )
    )


def find_route(chain: Any, request: Request, *, today: dt.date) -> Route | None:
    """Return the path that a document takes by this version, with the organisation of that day."""
    definition = definition_of(chain, request.facts)
    return choose_route(definition, request.values, units_above(request.facts, request.values, today))


def units_above(facts: Mapping[str, Fact], values: Mapping[str, Any], day: dt.date) -> dict[str, frozenset[int]]:
    """Return for each fact that names a unit the units above it on that day."""
    named = {name: values[name] for name, fact in facts.items() if fact.kind is FactKind.UNIT and values.get(name)}
    if not named:
        return {}
    rows = session.execute(
        sa.select(OrgPlacement.descendant_id, OrgPlacement.ancestor_id).where(
            OrgPlacement.descendant_id.in_(set(named.values())), valid_on(OrgPlacement, day)
        )
    ).all()
    return {
        name: frozenset(ancestor for descendant, ancestor in rows if descendant == unit) for name, unit in named.items()
    }


def count_pending(resources: str) -> int:
    """Return how many requests about documents of resources that begin so are not closed in the active company."""
    found = sa.select(sa.func.count(ApprovalFile.id)).where(
        ApprovalFile.resource.startswith(resources, autoescape=True), ApprovalFile.state.in_(PENDING)
    )
    return session.scalar(found) or 0
