"""What the conditions of a chain may look at: columns of the document, declared facts, arguments of the transition."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.approvals.facts import Fact, FactKind
from app.companies.models import OrgUnit
from app.database.base import Model
from app.database.columns import Money, Quantity
from app.i18n import LazyString, _, humanize
from app.workflow.arguments import Argument

if TYPE_CHECKING:
    from app.workflow.definition import Workflow
    from app.workflow.transition import Transition

# Keeping of a record, not its terms.
_KEEPING = frozenset({"id", "company_id", "version", "state", "custom", "created_at", "updated_at"})
_KEEPING |= {"posted_at", "period", "revision", "print_count", "terms_hash", "cancelled_by_id"}
# What a chain may look at, but whose change voids no opinion: a customer passed on keeps his price.
_NO_TERMS = frozenset({"owner_id", "org_unit_id", "legal_entity_id"})
ARGUMENT = "asked."  # Begins the names of facts that are typed into the dialog.


def facts_of(workflow: "Workflow[Any]", transition: "Transition") -> dict[str, Fact]:
    """Return by name what chains of this transition may look at; no two of them have the same label."""
    found = [*_columns(workflow.model), *workflow.facts]
    taken = {str(fact.label) for fact in found}
    for argument in transition.arguments.values():
        fact = _asked(argument)
        if fact is not None:
            found.append(_labelled_apart(fact, transition) if str(fact.label) in taken else fact)
    return {fact.name: fact for fact in found}


def terms_of(workflow: "Workflow[Any]", facts: Mapping[str, Fact]) -> frozenset[str]:
    """Return the facts whose change voids what was signed: the declared ones, or all that are terms."""
    asked = {name for name in facts if name.startswith(ARGUMENT)}
    return frozenset(asked | set(workflow.terms)) if workflow.terms else frozenset(facts) - _NO_TERMS


def _columns(model: Any) -> Iterator[Fact]:
    for name, column in sa.inspect(model).columns.items():
        kind = None if name in _KEEPING else _kind_of(column)
        if kind is None:
            continue
        choices = getattr(column.type, "enum_class", None)
        target = _model_of(column.info["references"]) if column.info.get("references") else None
        yield Fact(name, _(humanize(name.removesuffix("_id"))), kind, _reader(name), choices, target)


def _kind_of(column: Any) -> FactKind | None:
    if column.info.get("references"):
        return FactKind.UNIT if column.info["references"] == OrgUnit.__tablename__ else FactKind.RECORD
    if column.foreign_keys:
        return None
    kinds = {
        sa.Enum: FactKind.CHOICE,
        sa.Boolean: FactKind.YES_NO,
        Money: FactKind.NUMBER,
        Quantity: FactKind.NUMBER,
        sa.Integer: FactKind.NUMBER,
        sa.Date: FactKind.DAY,
    }
    return next((kind for wanted, kind in kinds.items() if isinstance(column.type, wanted)), None)


def _asked(argument: Argument) -> Fact | None:
    """Return what is typed into a field of the dialog as a fact; texts and lists are none."""
    kinds: dict[type, FactKind] = {
        bool: FactKind.YES_NO,
        int: FactKind.NUMBER,
        Decimal: FactKind.NUMBER,
        dt.datetime: FactKind.DAY,
        dt.date: FactKind.DAY,
        StrEnum: FactKind.CHOICE,
        OrgUnit: FactKind.UNIT,
        Model: FactKind.RECORD,
    }
    kind = next((kind for wanted, kind in kinds.items() if issubclass(argument.kind, wanted)), None)
    if kind is None or argument.is_list or argument.kind is dt.datetime:
        return None
    choices = argument.kind if kind is FactKind.CHOICE else None
    target = argument.kind if kind is FactKind.RECORD else None

    def read(_document: Any, arguments: Mapping[str, Any]) -> Any:
        value = arguments.get(argument.name)
        return value.id if isinstance(value, Model) else value

    return Fact(ARGUMENT + argument.name, argument.label, kind, read, choices, target)


def _labelled_apart(fact: Fact, transition: "Transition") -> Fact:
    """Return what is asked for under a label of its own: the amount of a refund is not that of its receipt."""
    return replace(fact, label=LazyString(lambda: f"{transition.label} · {fact.label}"))


def _reader(name: str) -> Any:
    def read(document: Any, _arguments: Mapping[str, Any]) -> Any:
        value = getattr(document, name)
        return value.value if isinstance(value, StrEnum) else value

    return read


def _model_of(table: str) -> Any:
    return next(
        (one.class_ for one in Model.registry.mappers if getattr(one.class_, "__tablename__", None) == table), None
    )
