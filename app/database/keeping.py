"""Keeping the records that long work reads again and again: the session itself forgets whatever nobody holds."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from app.database.session import db


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
