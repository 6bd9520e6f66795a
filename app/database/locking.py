"""Locks on rows, taken once in a transaction: nobody else can change a row that it holds already, or has written."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar
from weakref import WeakSet

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session, joinedload

from app.database.base import CompanyModel
from app.database.context import active_company
from app.database.isolation import CompanySession, trust_references
from app.database.remembering import remembered
from app.database.session import session

Row = TypeVar("Row", bound=CompanyModel)


def lock_rows(*rows: CompanyModel) -> None:
    """Read rows of one model again and keep others out of them until the commit (PostgreSQL): one of two people wins.

    They are locked by id, in one statement; those that this transaction holds already, or wrote, are left alone.
    Raises NoResultFound where one is not there any more.
    """
    wanted: set[int] = {sa.inspect(row).identity[0] for row in rows if not _is_held(row)}
    if not wanted:
        return
    model = type(rows[0])
    session.flush()  # Reading them again would forget what was changed.
    found: Sequence[CompanyModel] = lock_matching(sa.select(model).where(model.id.in_(wanted)))
    if len(found) < len(wanted):
        raise NoResultFound(f"{model.__name__} is not there any more")


def lock_matching(statement: sa.Select[Row]) -> Sequence[Row]:
    """Return the records that a statement finds, by id, locked until the commit and as they are now."""
    model: type[Row] = statement.column_descriptions[0]["entity"]
    if "owner" in sa.inspect(model).relationships:  # Guards ask next whose it is.
        statement = statement.options(joinedload(model.owner))
    found = session.scalars(
        statement.order_by(model.id).with_for_update(of=model).execution_options(populate_existing=True)
    ).all()
    _held().update((sa.inspect(row).key, row) for row in found)
    trust_references(session, found)
    return found


def is_new(row: CompanyModel) -> bool:
    """Tell whether the present transaction has written this row: nobody else sees it yet, so nobody can point at it."""
    return row in _written(session)


def _is_held(row: CompanyModel) -> bool:
    state: Any = sa.inspect(row)
    return state.persistent and not state.expired and (state.key in _held() or is_new(row))


def lock_names(kind: str, names: Iterable[str]) -> None:
    """Keep others of the company out of what these names stand for until the commit (PostgreSQL).

    For what no unique key can say, such as a reference that is free again once its document is void.
    """
    held = remembered(session, "held_names").setdefault(kind, set())
    wanted, connection = set(names) - held, session.connection()
    held |= wanted
    if not wanted or connection.dialect.name != "postgresql":  # SQLite lets one write at a time.
        return
    keys = sorted(_key(f"{active_company()}:{kind}:{name}") for name in wanted)
    each = sa.func.unnest(sa.bindparam(None, keys, ARRAY(sa.BigInteger)))
    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(each)))


def _key(name: str) -> int:
    """Return the number of eight bytes under which PostgreSQL knows a lock."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)


def _held() -> dict[Any, CompanyModel]:
    """Return the rows that the present transaction holds, by their keys."""
    return remembered(session, "held_rows")


def _written(of: Any) -> WeakSet[Any]:
    found: WeakSet[Any] = remembered(of, "new_rows").setdefault("rows", WeakSet())
    return found


def _note_new(writing: Session, row: Any) -> None:
    if isinstance(row, CompanyModel):
        _written(writing).add(row)


event.listen(CompanySession, "pending_to_persistent", _note_new)
