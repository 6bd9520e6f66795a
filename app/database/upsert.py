"""Rows that are made when they are first needed, by whoever comes first."""

from collections.abc import Mapping
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.database.base import CompanyModel

Row = TypeVar("Row", bound=CompanyModel)


def update_or_insert(connection: Connection, update: sa.Update, insert: sa.Insert) -> None:
    """Change a row, or make it where there is none; if two make it at once, the later one changes it instead."""
    if connection.execute(update).rowcount:
        return
    try:
        with connection.begin_nested():
            connection.execute(insert)
    except IntegrityError:
        connection.execute(update)


def insert_unless_there(session: Session, model: type[Row], values: Mapping[str, Any]) -> Row | None:
    """Insert a row and return it; None where its unique key is taken, after whoever took it has committed.

    For models that the audit log leaves out: it hears of what is flushed.
    """
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    return session.scalar(insert(model).on_conflict_do_nothing().returning(model), dict(values))
