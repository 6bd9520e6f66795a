"""What SQLite must be told to behave like PostgreSQL: foreign keys hold, savepoints and transactions are real."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.database.calendar import first_day_of_text

WAIT_SECONDS = 15
_WRITES = "sqlite_begins_writing"


def begin_writing(session: Session) -> None:
    """Take SQLite's one write lock at the start of a request that will write; PostgreSQL needs nothing.

    A transaction that has read first and writes later is refused at once, without waiting, when another one
    has written in between. Only edges call this, before the first statement.
    """
    if session.get_bind().dialect.name == "sqlite" and not session.in_transaction():
        session.connection(execution_options={_WRITES: True})


def set_foreign_keys(connection: Connection, *, on: bool) -> None:
    """Switch foreign keys of a SQLite connection; SQLite ignores it within a transaction, so none may be open."""
    if connection.in_transaction():
        raise RuntimeError("foreign keys cannot be switched within a transaction")
    _execute(connection.connection.driver_connection, f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")


@contextmanager
def altering_transaction(engine: Engine) -> Iterator[Connection]:
    """Open a transaction in which tables are made, filled and dropped, wholly or not at all.

    SQLite checks foreign keys at its end: held in between, dropping a table would delete the rows that point at it.
    """
    with engine.connect() as connection:
        if connection.dialect.name != "sqlite":
            with connection.begin():
                yield connection
            return
        set_foreign_keys(connection, on=False)
        try:
            with connection.execution_options(**{_WRITES: True}).begin():
                yield connection
                if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall():
                    raise RuntimeError(f"rows would point nowhere: {broken[:3]}")
        finally:
            set_foreign_keys(connection, on=True)


def _execute(connection: Any, *statements: str) -> None:
    cursor = connection.cursor()
    for statement in statements:
        cursor.execute(statement)
    cursor.close()


def _on_connect(connection: Any, _record: Any) -> None:
    if not type(connection).__module__.startswith("sqlite3"):
        return
    connection.create_function("first_day", 3, first_day_of_text, deterministic=True)
    connection.isolation_level = None  # Or the driver begins by itself, too late for savepoints; we begin below.
    _execute(
        connection,
        f"PRAGMA busy_timeout={WAIT_SECONDS * 1000}",
        "PRAGMA foreign_keys=ON",
        "PRAGMA journal_mode=WAL",
        "PRAGMA synchronous=NORMAL",
    )


def _on_begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        import sqlite3  # noqa: PLC0415  # 1 MB that PostgreSQL does not need.

        begin = "BEGIN IMMEDIATE" if connection.get_execution_options().get(_WRITES) else "BEGIN"
        try:  # Past SQLAlchemy, so that it neither logs nor counts as a statement.
            _execute(connection.connection.driver_connection, begin)
        except sqlite3.OperationalError as error:
            raise OperationalError(begin, None, error) from error


event.listen(Engine, "connect", _on_connect)
event.listen(Engine, "begin", _on_begin)
