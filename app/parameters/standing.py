"""Documents that stand in the way of a policy value: a value that they would break is refused with their list."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app
from flask_appbuilder.security.sqla.models import User

from app.database.session import session
from app.errors import ConfigurationError, Conflict, Text
from app.i18n import _
from app.security.records import only_visible

MOST_NAMED = 20
_KEY = "parameter_standings"


@dataclass(frozen=True)
class Standing:
    """What a value must not break.

    `documents` names them in a sentence (“drafts of deposits”). `find` gets a value and the day from which it would
    hold, and returns the stored records that are in order now and would no longer be, of whoever they are.
    """

    key: str
    documents: Text
    find: Callable[[Any, dt.date], Sequence[Any]]


def register_standings(app: Flask, *standings: Standing) -> None:
    """Ask them before their parameters are set. Raises ConfigurationError for a second one of a parameter."""
    known: dict[str, Standing] = app.extensions.setdefault(_KEY, {})
    for standing in standings:
        if known.get(standing.key, standing) is not standing:
            raise ConfigurationError(f"what stands in the way of '{standing.key}' is declared twice")
        known[standing.key] = standing


def refuse_broken(key: str, label: Text, value: Any, *, valid_from: dt.date, actor: User) -> None:
    """Raise Conflict naming the documents that the value would break: those that the actor may list, and how many."""
    known: Mapping[str, Standing] = current_app.extensions.get(_KEY, {})
    if key not in known:
        return
    broken = known[key].find(value, valid_from)
    if not broken:
        return
    names = _names(broken[:MOST_NAMED], actor)
    raise Conflict(
        "parameter.broken",
        _("“%(label)s” cannot be set so: it would break %(count)s stored %(documents)s: %(names)s"),
        field="value",
        label=label,
        count=len(broken),
        documents=known[key].documents,
        names=", ".join([*names, "…"] if len(names) < len(broken) else names),
    )


def _names(records: Sequence[Any], actor: User) -> list[str]:
    model = type(records[0])
    seen = only_visible(sa.select(model.id).where(model.id.in_([one.id for one in records])), model, actor)
    visible = set(session.scalars(seen))
    return [str(one) for one in records if one.id in visible]
