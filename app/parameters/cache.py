"""Remembers the values of a parameter for one transaction, so that a page asks the database once for each."""

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import event, inspect, select
from sqlalchemy.orm import Session, SessionTransaction

from app.database.context import active_company
from app.database.isolation import CompanySession
from app.database.session import db, session
from app.parameters.models import ParameterValue

_KEY = "parameter_values"
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
    values = _remembered().get(key)
    if values is None:
        rows = session.execute(
            select(ParameterValue.valid_from, ParameterValue.value)
            .where(ParameterValue.key == key)
            .order_by(ParameterValue.valid_from.desc())
        )
        values = [(start, value) for start, value in rows]
        _remembered()[key] = values  # Asked again: the statement may just have begun the transaction.
    return values


def _remembered() -> dict[str, Values]:
    """Return what is remembered for this transaction and company; anything else is forgotten."""
    scope = (db.session().get_transaction(), active_company())
    kept = session.info.get(_KEY)
    if kept is None or kept[0][0] is not scope[0] or kept[0][1] != scope[1]:
        kept = session.info[_KEY] = (scope, {})
    values: dict[str, Values] = kept[1]
    return values


def _forget(_mapper: object, _connection: object, row: ParameterValue) -> None:
    owner: Session | None = inspect(row).session
    if owner is not None:
        owner.info.pop(_KEY, None)


def _forget_undone(owner: Session, _ended: SessionTransaction) -> None:
    """A savepoint that is rolled back takes back what was written in it."""
    owner.info.pop(_KEY, None)


for _name in ("after_insert", "after_update", "after_delete"):
    event.listen(ParameterValue, _name, _forget)
event.listen(CompanySession, "after_soft_rollback", _forget_undone)
