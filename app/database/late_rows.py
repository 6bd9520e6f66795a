"""Rows that nobody needs before the transaction ends, such as tokens or those of a log: they wait, written together.

They wait beside the database connection, so that they share its fate: a transaction or savepoint that is rolled back
takes them back, a commit writes them first. Whoever reads or writes their table meanwhile has them written before.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session

from app.database.base import CompanyModel
from app.database.bulk import write_rows
from app.database.context import active_company
from app.database.isolation import IsolationError

_WAITING, _SAVEPOINT = "late_rows", "SAVEPOINT "
_MOST = 500  # Waiting rows of one table: work over many records writes them in between.

Rows = tuple[Mapping[str, Any], ...]


class _Waiting:
    """What waits on one connection, and what waited when each open savepoint began."""

    def __init__(self) -> None:
        self.rows: dict[sa.Table, Rows] = {}
        self.kept: dict[str, dict[sa.Table, Rows]] = {}


def write_late(connection: Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Have rows inserted before the transaction commits; all name the same columns, defaults are filled in."""
    if not rows:
        return
    waiting: _Waiting = connection.info.setdefault(_WAITING, _Waiting())
    waiting.rows[table] = (*waiting.rows.get(table, ()), *rows)
    if len(waiting.rows[table]) >= _MOST:
        _write(connection, waiting, table)


def insert_rows(session: Session, model: type[CompanyModel], rows: Sequence[Mapping[str, Any]]) -> None:
    """Have plain rows of the active company inserted before the transaction commits; all name the same columns."""
    if not rows:
        return
    if (company_id := active_company()) is None:
        raise IsolationError(f"no active company for {model.__name__}")
    if any(row.get("company_id", company_id) != company_id for row in rows):
        raise IsolationError("insert into another company")
    write_late(session.connection(), model.__table__, [{**row, "company_id": company_id} for row in rows])


def write_waiting(connection: Connection) -> None:
    """Insert at once what waits: before the database is told of another company."""
    waiting: _Waiting | None = connection.info.get(_WAITING)
    if waiting is not None:
        for table in list(waiting.rows):
            _write(connection, waiting, table)


def _write(connection: Connection, waiting: _Waiting, table: sa.Table) -> None:
    write_rows(connection, table, waiting.rows.pop(table))


def _before_statement(connection: Connection, _cursor: object, statement: str, *_more: object) -> None:
    waiting: _Waiting | None = connection.info.get(_WAITING)
    if waiting is None or not waiting.rows:
        return
    if statement.startswith(_SAVEPOINT):  # SQLAlchemy's event of a savepoint does not know its name.
        waiting.kept[statement.removeprefix(_SAVEPOINT)] = dict(waiting.rows)
    else:
        for table in [table for table in waiting.rows if table.name in statement]:
            _write(connection, waiting, table)


def _on_commit(connection: Connection) -> None:
    write_waiting(connection)
    connection.info.pop(_WAITING, None)


def _on_rollback(connection: Connection) -> None:
    connection.info.pop(_WAITING, None)


def _on_savepoint_rollback(connection: Connection, name: str, _context: object) -> None:
    """What waited when the savepoint began waits again: if it was written meanwhile, the database has forgotten it."""
    waiting: _Waiting | None = connection.info.get(_WAITING)
    if waiting is not None:
        waiting.rows = waiting.kept.pop(name, {})


def _on_savepoint_release(connection: Connection, name: str, _context: object) -> None:
    waiting: _Waiting | None = connection.info.get(_WAITING)
    if waiting is not None:
        waiting.kept.pop(name, None)


event.listen(Engine, "before_cursor_execute", _before_statement)
event.listen(Engine, "commit", _on_commit)
event.listen(Engine, "rollback", _on_rollback)
event.listen(Engine, "rollback_savepoint", _on_savepoint_rollback)
event.listen(Engine, "release_savepoint", _on_savepoint_release)
