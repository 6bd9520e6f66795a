"""Locks on rows, taken once in a transaction: nobody else can change a row that it holds already."""

from collections.abc import Sequence
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import NoResultFound

from app.database.base import CompanyModel
from app.database.remembering import remembered
from app.database.session import session

Row = TypeVar("Row", bound=CompanyModel)


def lock_rows(*rows: CompanyModel) -> None:
    """Read rows of one model again and keep others out of them until the commit (PostgreSQL): one of two people wins.

    They are locked by id, in one statement; those that this transaction holds already are left alone.
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
    found = session.scalars(
        statement.order_by(model.id).with_for_update(of=model).execution_options(populate_existing=True)
    ).all()
    _held().update((sa.inspect(row).key, row) for row in found)
    return found


def _is_held(row: CompanyModel) -> bool:
    state: Any = sa.inspect(row)
    return state.persistent and not state.expired and state.key in _held()


def _held() -> dict[Any, CompanyModel]:
    """Return the rows that the present transaction holds, by their keys."""
    return remembered(session, "held_rows")
