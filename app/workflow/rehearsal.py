"""Which documents would take which path by a draft: the same functions that decide, over what is there, read-only."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.approvals.asking import units_above
from app.approvals.chains import active_chain, definition_of
from app.approvals.definition import Definition
from app.approvals.facts import Fact
from app.approvals.models import ApprovalFile
from app.approvals.reading import read_definition, read_value
from app.approvals.routing import choose_route
from app.companies.clock import active_zone
from app.database.session import session
from app.security.records import only_visible
from app.workflow.facts import ARGUMENT, facts_of

if TYPE_CHECKING:
    from app.workflow.definition import Workflow
    from app.workflow.transition import Transition

MOST_DOCUMENTS, MOST_SHOWN = 500, 20


@dataclass
class Path:
    """The documents that take the path of one rule; `others` is how many of them take another one now."""

    rule: str
    steps: Sequence[str]
    count: int = 0
    others: int = 0
    documents: list[Any] = field(default_factory=list)


@dataclass(frozen=True)
class Rehearsal:
    """What a draft would do to the newest documents."""

    documents: int
    others: int
    paths: Sequence[Path]


def rehearse(
    workflow: "Workflow[Any]", transition: "Transition", data: Mapping[str, Any], *, actor: User, now: dt.datetime
) -> Rehearsal:
    """Return the paths that the newest documents the actor sees would take by this draft, and by what is in force.

    What is asked for in the dialog is taken from the request of a document that had one; else it is blank.
    Raises ValidationError for a draft that is wrong.
    """
    facts = facts_of(workflow, transition)
    draft = read_definition(data, facts)
    chain = active_chain(workflow.resource, transition.name)
    present = definition_of(chain, facts) if chain is not None else None
    paths = {rule.name: Path(rule.name, [draft.step(key).name for key in rule.steps]) for rule in draft.rules}
    documents, others = _newest(workflow.model, actor), 0
    asked = _asked(workflow.resource, [document.id for document in documents])
    today = now.astimezone(active_zone()).date()
    for document in documents:
        values = _values(document, facts, asked.get(document.id, {}))
        above = units_above(facts, values, today)
        taken, before = _path(draft, values, above), _path(present, values, above) if present else ()
        path = paths[taken[0]]
        path.count += 1
        if taken[1:] != before[1:]:
            path.others += 1
            others += 1
        if len(path.documents) < MOST_SHOWN:
            path.documents.append(document)
    return Rehearsal(len(documents), others, list(paths.values()))


def _newest(model: Any, actor: User) -> Sequence[Any]:
    statement = only_visible(sa.select(model), model, actor).order_by(model.id.desc()).limit(MOST_DOCUMENTS)
    return session.scalars(statement).all()


def _asked(resource: str, ids: Sequence[int]) -> dict[int, Mapping[str, Any]]:
    files = session.execute(
        sa.select(ApprovalFile.record_id, ApprovalFile.facts)
        .where(ApprovalFile.resource == resource, ApprovalFile.record_id.in_(ids))
        .order_by(ApprovalFile.id)
    )
    return {row.record_id: row.facts for row in files}


def _values(document: Any, facts: Mapping[str, Fact], asked: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: read_value(asked.get(name), fact) if name.startswith(ARGUMENT) else fact.read(document, {})
        for name, fact in facts.items()
    }


def _path(definition: Definition, values: Mapping[str, Any], above: Mapping[str, frozenset[int]]) -> tuple[str, ...]:
    """Return the rule that fires and the people asked, step by step."""
    route = choose_route(definition, values, above)
    if route is None:
        return ("",)
    return (route.rule.name, *(f"{step.who} {step.value} {step.mode} {step.count}" for step in route.steps))
