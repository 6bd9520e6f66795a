"""Rows that are made when they are first needed, by whoever comes first."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError


def update_or_insert(connection: Connection, update: sa.Update, insert: sa.Insert) -> None:
    """Change a row, or make it where there is none; if two make it at once, the later one changes it instead."""
    if connection.execute(update).rowcount:
        return
    try:
        with connection.begin_nested():
            connection.execute(insert)
    except IntegrityError:
        connection.execute(update)
