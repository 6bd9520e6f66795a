"""Keeping the records that work reads again and again: the session itself forgets whatever nobody holds."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import event, select
from sqlalchemy.orm import joinedload

from app.database.base import CompanyModel
from app.database.isolation import at_hand
from app.database.remembering import remembered
from app.database.session import db, session

Row = TypeVar("Row", bound=CompanyModel)


@contextmanager
def keeping_records() -> Iterator[None]:
    """Hold every record that is read meanwhile, so that asking for it once more takes no statement.

    For work over many rows that all ask for the same few records, not for reading many records.
    """
    kept: list[object] = []

    def keep(_session: object, record: object) -> None:
        kept.append(record)

    session = db.session()
    event.listen(session, "loaded_as_persistent", keep)
    try:
        yield
    finally:
        event.remove(session, "loaded_as_persistent", keep)


def keep_rows(model: type[Row], ids: Iterable[int], *along: Any) -> dict[int, Row]:
    """Return those of these rows that there are, by id, kept until the transaction ends.

    Rows that were met before take no statement, all others together one, with what the relationships `along` lead to.
    """
    wanted = set(ids)
    found = {key: row for key in wanted if (row := at_hand(session, model, key)) is not None}
    if missing := wanted - found.keys():
        statement = select(model).where(model.id.in_(missing)).options(*map(joinedload, along))
        found.update((row.id, row) for row in session.scalars(statement))
    _kept().update(((model, key), row) for key, row in found.items())
    return found


def keep_row(model: type[Row], key: int) -> Row:
    """Return a row by its id, kept until the transaction ends. Raises NoResultFound where there is none."""
    row = session.get_one(model, key)
    _kept()[model, key] = row
    return row


def _kept() -> dict[Any, Any]:
    return remembered(session, "kept_rows")
