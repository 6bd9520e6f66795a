"""What a draft of a policy value would have done to the documents of a month: the rules that decide, run twice."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app
from flask_appbuilder.security.sqla.models import User

from app.companies.models import Employee
from app.database.session import session
from app.errors import ConfigurationError, NotFound, Text
from app.i18n import _
from app.parameters.cache import supposing
from app.parameters.conversion import write
from app.parameters.parameter import Parameter, ParameterUnset
from app.security.records import only_visible

MOST_DOCUMENTS = 5_000
_KEY = "parameter_rehearsals"


@dataclass(frozen=True)
class Verdict:
    """What a rule makes of one document: the path it takes, in words, and the amount that comes of it, if any does."""

    path: str
    amount: Decimal = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Rehearsal:
    """How values of some parameters are tried on documents of a month.

    `find` selects the documents that the rule judges in a month, given its first and last day. `judge` is the rule:
    it reads the parameters as the services do, and writes nothing; it gets a document and the last day of the month.
    `measure` says what its amounts are ("Minutes late"), whole numbers or money; blank for none. `person` is the
    attribute with the employee's id whom a document concerns.
    """

    keys: Sequence[str]
    documents: Text
    find: Callable[[dt.date, dt.date], sa.Select[Any]]
    judge: Callable[[Any, dt.date], Verdict]
    measure: Text = ""
    is_money: bool = False
    person: str = "owner_id"


@dataclass(frozen=True)
class Affected:
    """A document that the draft treats otherwise."""

    record: Any
    title: str
    person: str
    before: Verdict
    after: Verdict

    @property
    def difference(self) -> Decimal:
        """How much more comes of it by the draft."""
        return self.after.amount - self.before.amount


@dataclass(frozen=True)
class Trial:
    """What a draft would have done. `is_cut` tells that the month has more documents than were tried."""

    rehearsal: Rehearsal
    count: int
    affected: Sequence[Affected] = field(default_factory=list)
    is_cut: bool = False

    @property
    def difference(self) -> Decimal:
        """How much more comes of all of them by the draft."""
        return sum((one.difference for one in self.affected), Decimal(0))

    @property
    def others(self) -> int:
        """How many take another path by the draft."""
        return sum(one.before.path != one.after.path for one in self.affected)

    @property
    def people(self) -> int:
        """How many employees are concerned."""
        return len({one.person for one in self.affected if one.person})


def register_rehearsals(app: Flask, *rehearsals: Rehearsal) -> None:
    """Offer them for their parameters. Raises ConfigurationError for a second one of a parameter."""
    known: dict[str, Rehearsal] = app.extensions.setdefault(_KEY, {})
    for rehearsal in rehearsals:
        for key in rehearsal.keys:
            if known.get(key, rehearsal) is not rehearsal:
                raise ConfigurationError(f"the rehearsal of '{key}' is declared twice")
            known[key] = rehearsal


def can_rehearse(parameter: Parameter[Any]) -> bool:
    """Tell whether a draft of this parameter can be tried."""
    return parameter.key in _rehearsals()


def rehearse_value(parameter: Parameter[Any], value: Any, *, first: dt.date, last: dt.date, actor: User) -> Trial:
    """Try a typed value on the documents of these days that the actor may list, as if it had held on all of them.

    Raises NotFound for a parameter that no rehearsal is declared for. Whatever the rules write is undone.
    """
    rehearsal = _rehearsals().get(parameter.key)
    if rehearsal is None:
        raise NotFound("parameter.no_rehearsal", _("“%(label)s” cannot be tried."), label=parameter.label)
    undone = session.begin_nested()
    try:
        return _tried(rehearsal, parameter, value, first, last, actor)
    finally:
        undone.rollback()


def _tried(
    rehearsal: Rehearsal, parameter: Parameter[Any], value: Any, first: dt.date, last: dt.date, actor: User
) -> Trial:
    statement = rehearsal.find(first, last)
    statement = only_visible(statement, statement.column_descriptions[0]["entity"], actor).limit(MOST_DOCUMENTS + 1)
    records = session.scalars(statement).all()
    tried, affected = records[:MOST_DOCUMENTS], []
    for record in tried:
        before = _judged(rehearsal, record, last)
        with supposing(parameter.key, write(value)):
            after = _judged(rehearsal, record, last)
        if before != after:
            affected.append((record, before, after))
    names = _names({getattr(record, rehearsal.person) for record, _before, _after in affected} - {None})
    return Trial(
        rehearsal,
        len(tried),
        [
            Affected(record, str(record), names.get(getattr(record, rehearsal.person), ""), before, after)
            for record, before, after in affected
        ],
        len(records) > MOST_DOCUMENTS,
    )


def _judged(rehearsal: Rehearsal, record: Any, last: dt.date) -> Verdict:
    try:
        return rehearsal.judge(record, last)
    except ParameterUnset:
        return Verdict(str(_("not decided")))


def _names(ids: set[int]) -> dict[int, str]:
    rows = session.scalars(sa.select(Employee).where(Employee.id.in_(ids))) if ids else ()
    return {one.id: f"{one.name} · {one.number}" for one in rows}


def _rehearsals() -> Mapping[str, Rehearsal]:
    found: Mapping[str, Rehearsal] = current_app.extensions.get(_KEY, {})
    return found
