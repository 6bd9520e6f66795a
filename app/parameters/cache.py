"""Remembers a company's policy values for one transaction, so that a page asks the database once for all."""

import datetime as dt
from typing import Any

from sqlalchemy import event, inspect, select

from app.database.remembering import forget, remembered
from app.database.session import session
from app.parameters.models import ParameterValue

_KEY = "parameter_values"
Values = list[tuple[dt.date, Any]]


def stored_values(key: str) -> Values:
    """Return the active company's values of this parameter as (first day, stored form), newest first."""
    kept = remembered(session, _KEY)
    if not kept:
        kept["values"] = _read()
    found: Values = kept["values"].get(key, [])
    return found


def _read() -> dict[str, Values]:
    rows = session.execute(
        select(ParameterValue.key, ParameterValue.valid_from, ParameterValue.value).order_by(
            ParameterValue.key, ParameterValue.valid_from.desc()
        )
    )
    found: dict[str, Values] = {}
    for key, start, value in rows:
        found.setdefault(key, []).append((start, value))
    return found


def _forget(_mapper: object, _connection: object, row: ParameterValue) -> None:
    forget(inspect(row).session, _KEY)


for _name in ("after_insert", "after_update", "after_delete"):
    event.listen(ParameterValue, _name, _forget)
