"""Versions of a company's chains: drafts are typed, one is active, running files keep theirs (P:COR-01)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.approvals.chained import announce_chains, chained_transitions
from app.approvals.definition import Definition, Mode, Step, Who
from app.approvals.facts import Fact
from app.approvals.models import ApprovalChain, ChainState
from app.approvals.reading import read_definition, write_definition
from app.approvals.signers import holders_of
from app.companies.clock import active_zone
from app.companies.models import Employee
from app.database.session import session
from app.errors import Conflict, Text, ValidationError
from app.i18n import _


def active_chain(resource: str, transition: str) -> ApprovalChain | None:
    """Return the version that new requests follow; one statement where there ever was one, else none."""
    if (resource, transition) not in chained_transitions():
        return None
    return _in_state(resource, transition, ChainState.ACTIVE)


def has_active_chain(resource: str, transition: str) -> bool:
    """Tell whether the company lets others sign before this transition is done."""
    return active_chain(resource, transition) is not None


def draft_of(resource: str, transition: str) -> ApprovalChain | None:
    """Return the version that is being typed."""
    return _in_state(resource, transition, ChainState.DRAFT)


def versions_of(resource: str, transition: str) -> Sequence[ApprovalChain]:
    """Return all versions, the newest first."""
    return session.scalars(_of(resource, transition).order_by(ApprovalChain.number.desc())).all()


def definition_of(chain: ApprovalChain, facts: Mapping[str, Fact]) -> Definition:
    """Return what a version says. Raises ValidationError where it names a fact that the code has no longer."""
    return read_definition(chain.definition, facts)


def people_in(facts: Mapping[str, Fact]) -> dict[str, Text]:
    """Return the columns of a document that name a person, and so may name who signs, with their labels."""
    return {fact.name: fact.label for fact in facts.values() if fact.target is Employee and "." not in fact.name}


def save_draft(resource: str, transition: str, *, data: Mapping[str, Any], facts: Mapping[str, Fact]) -> ApprovalChain:
    """Keep a draft, a new version where there is none. Raises ValidationError naming the rule or step (R1, R4)."""
    definition = write_definition(read_definition(data, facts))
    draft = draft_of(resource, transition)
    if draft is None:
        last = session.scalar(_of(resource, transition).with_only_columns(sa.func.max(ApprovalChain.number)))
        draft = ApprovalChain(resource=resource, transition=transition, number=(last or 0) + 1, definition=definition)
        session.add(draft)
    draft.definition = definition
    session.flush()
    return draft


def activate(draft: ApprovalChain, *, facts: Mapping[str, Fact], actor: User, now: dt.datetime) -> None:
    """Have new requests follow this version.

    Raises ValidationError `approval.no_holder` for a step that nobody holds (P:COR-01), Conflict for no draft.
    """
    _require_draft(draft)
    today = now.astimezone(active_zone()).date()
    for step in definition_of(draft, facts).steps:
        _require_holders(step, facts, today)
    before = _in_state(draft.resource, draft.transition, ChainState.ACTIVE)
    if before is not None:
        before.state = ChainState.RETIRED
        session.flush()
    draft.state, draft.activated_at, draft.activated_by_id = ChainState.ACTIVE, now, actor.id
    session.flush()
    announce_chains()


def retire(chain: ApprovalChain) -> None:
    """Have new requests need no approval; running files go on. Raises Conflict for a version that is not active."""
    if chain.state is not ChainState.ACTIVE:
        raise Conflict("approval.not_active", _("This version is not in force."))
    chain.state = ChainState.RETIRED
    session.flush()


def discard(draft: ApprovalChain) -> None:
    """Throw a draft away. Raises Conflict for a version that was activated."""
    _require_draft(draft)
    session.delete(draft)
    session.flush()


def _require_draft(draft: ApprovalChain) -> None:
    if draft.state is not ChainState.DRAFT:
        raise Conflict("approval.version", _("An activated version is never changed; make a new one."))


def _require_holders(step: Step, facts: Mapping[str, Fact], today: dt.date) -> None:
    if step.who is Who.FIELD and step.value not in people_in(facts):
        raise ValidationError(
            "approval.no_field", _("“%(step)s” is signed by a field that is not there."), field="steps", step=step.name
        )
    holders = holders_of(step, today)
    if holders is not None and not holders:
        raise ValidationError("approval.no_holder", _("“%(step)s” has no holder."), field="steps", step=step.name)
    if holders is not None and step.mode is Mode.COUNT and len(holders) < step.count:
        raise ValidationError(
            "approval.few_holders",
            _("“%(step)s” needs %(wanted)s signatures and has only %(found)s holders."),
            field="steps",
            step=step.name,
            wanted=step.count,
            found=len(holders),
        )


def _in_state(resource: str, transition: str, state: ChainState) -> ApprovalChain | None:
    found: ApprovalChain | None = session.scalar(_of(resource, transition).where(ApprovalChain.state == state))
    return found


def _of(resource: str, transition: str) -> sa.Select[Any]:
    return sa.select(ApprovalChain).where(ApprovalChain.resource == resource, ApprovalChain.transition == transition)
