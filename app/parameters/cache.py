"""Remembers a company's policy values for one transaction, so that a page asks the database once for all."""

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import select

from app.database.remembering import Memory
from app.database.session import session
from app.parameters.models import ParameterValue

_KNOWN = Memory("parameter_values", ParameterValue)
Values = list[tuple[dt.date, Any]]
_supposed: ContextVar[Mapping[str, Any]] = ContextVar("supposed_parameters", default={})  # noqa: B039  # Never changed.


@contextmanager
def supposing(key: str, stored: Any) -> Iterator[None]:
    """Let a parameter have this value, in its stored form, on every day, for whatever is asked within the block."""
    token = _supposed.set({**_supposed.get(), key: stored})
    try:
        yield
    finally:
        _supposed.reset(token)


def stored_values(key: str) -> Values:
    """Return the active company's values of this parameter as (first day, stored form), newest first."""
    if key in _supposed.get():
        return [(dt.date.min, _supposed.get()[key])]
    kept = _KNOWN.recall(session)
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
