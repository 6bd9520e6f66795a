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
from app.companies.clock import active_zone, day_bounds
from app.database.session import session
from app.security.records import only_visible
from app.workflow.facts import ARGUMENT, facts_of

if TYPE_CHECKING:
    from app.workflow.definition import Workflow
    from app.workflow.transition import Transition

MOST_DOCUMENTS = 500


@dataclass
class Path:
    """The path of one rule, and how many documents take it; `others` is how many of them take another one now."""

    rule: str
    steps: Sequence[str]
    count: int = 0
    others: int = 0
    documents: list[Any] = field(default_factory=list)


@dataclass(frozen=True)
class Diverted:
    """A document that takes another path than now: the rules that fire, blank where nobody need sign."""

    document: Any
    title: str
    before: str
    after: str


@dataclass(frozen=True)
class Rehearsal:
    """What a draft would do to documents. `is_cut` tells that there are more of them, which are older.

    `typed` are the labels of what the draft looks at and only the dialog asks for: not known of `untold` documents.
    """

    documents: int
    paths: Sequence[Path]
    diverted: Sequence[Diverted]
    is_cut: bool = False
    typed: Sequence[str] = ()
    untold: int = 0

    @property
    def others(self) -> int:
        """How many take another path than now."""
        return len(self.diverted)


def rehearse(
    workflow: "Workflow[Any]",
    transition: "Transition",
    data: Mapping[str, Any],
    *,
    actor: User,
    now: dt.datetime,
    days: tuple[dt.date, dt.date] | None = None,
) -> Rehearsal:
    """Return the paths that documents the actor sees would take by this draft, and by what is in force.

    They are those of the `days`, both included; without them, the newest, whenever they are from.
    What is asked for in the dialog is taken from the request of a document that had one; else it is blank.
    Raises ValidationError for a draft that is wrong.
    """
    facts = facts_of(workflow, transition)
    draft = read_definition(data, facts)
    chain = active_chain(workflow.resource, transition.name)
    present = definition_of(chain, facts) if chain is not None else None
    paths = {rule.name: Path(rule.name, [draft.step(key).name for key in rule.steps]) for rule in draft.rules}
    found = _newest(workflow.model, actor, days)
    documents, diverted = found[:MOST_DOCUMENTS], []
    asked = _asked(workflow.resource, [document.id for document in documents])
    today = now.astimezone(active_zone()).date()
    for document in documents:
        values = _values(document, facts, asked.get(document.id, {}))
        above = units_above(facts, values, today)
        taken, before = _path(draft, values, above), _path(present, values, above) if present else ("",)
        path = paths[taken[0]]
        path.count += 1
        path.documents.append(document)
        if taken[1:] != before[1:]:
            path.others += 1
            diverted.append(Diverted(document, str(document), before[0], taken[0]))
    typed = _typed(draft, facts)
    untold = sum(document.id not in asked for document in documents) if typed else 0
    return Rehearsal(len(documents), list(paths.values()), diverted, len(found) > MOST_DOCUMENTS, typed, untold)


def _typed(draft: Definition, facts: Mapping[str, Fact]) -> Sequence[str]:
    """Return the labels of what the conditions of a draft look at and only the dialog asks for."""
    named = {one.fact for rule in draft.rules for one in rule.conditions if one.fact.startswith(ARGUMENT)}
    return sorted(str(facts[name].label) for name in named)


def _newest(model: Any, actor: User, days: tuple[dt.date, dt.date] | None) -> Sequence[Any]:
    """Return the newest documents, of these days where they are named, and one more than are rehearsed."""
    statement = only_visible(sa.select(model), model, actor)
    if days is not None and hasattr(model, "doc_date"):
        statement = statement.where(model.doc_date.between(*days))
    elif days is not None:
        statement = statement.where(model.created_at.between(day_bounds(days[0])[0], day_bounds(days[1])[1]))
    return session.scalars(statement.order_by(model.id.desc()).limit(MOST_DOCUMENTS + 1)).all()


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
