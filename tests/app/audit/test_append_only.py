"""The log can be added to, and nothing else: neither through the ORM nor by SQL (S:CORE-07)."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError

from app.audit import (
    AccessEntry,
    AccessKind,
    AppendOnlyError,
    AuditEntry,
    SecurityEvent,
    protect_audit,
    record_access,
    record_security_event,
)
from app.database.session import db, session
from tests.app.jobs.notes import write_note

Run = Callable[..., Any]


@pytest.fixture(autouse=True)
def logged(app: Flask, run_in: Run, world: SimpleNamespace) -> None:
    """One row in each log."""
    run_in(world.one, lambda: write_note("old") and None)
    run_in(None, lambda: record_security_event("login.failed", username="ann"))
    reading = {"user_id": world.users["ann"], "resource": "notes.Note", "columns": ["pin"], "record_ids": [1]}
    run_in(world.one, lambda: record_access(AccessKind.RECORD, **reading))


def _rows(model: type[Any]) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in session.execute(sa.select(model.id, model.ip))]


@pytest.mark.rule("S:CORE-07")
@pytest.mark.parametrize("model", [AccessEntry, AuditEntry, SecurityEvent])
def test_the_orm_refuses(model: type[Any], run_in: Run, world: SimpleNamespace) -> None:
    def change() -> None:
        session.scalars(sa.select(model)).one().ip = "192.0.2.1"
        session.flush()

    def delete() -> None:
        session.delete(session.scalars(sa.select(model)).one())
        session.flush()

    before = run_in(world.one, lambda: _rows(model))
    for attempt in (
        change,
        delete,
        lambda: session.execute(sa.update(model).values(ip=None)),
        lambda: session.execute(sa.delete(model)),
    ):
        with pytest.raises(AppendOnlyError, match="append-only"):
            run_in(world.one, attempt)

    assert run_in(world.one, lambda: _rows(model)) == before


@pytest.mark.rule("S:CORE-07")
@pytest.mark.parametrize("table", ["audit_access", "audit_entry", "audit_security_event"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET ip = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_database_refuses(table: str, statement: str, database_url: str) -> None:
    if database_url.startswith("sqlite") and statement.startswith("TRUNCATE"):
        return  # SQLite has no such statement.
    above = sa.create_engine(
        database_url.replace("zhanggui_app@", "postgres@"), poolclass=sa.NullPool
    )  # Not even a superuser may.

    with pytest.raises(DBAPIError, match="append-only"), above.begin() as connection:
        connection.execute(sa.text(statement.format(table)))

    with above.connect() as connection:
        assert connection.scalar(sa.text(f"SELECT count(*) FROM {table} WHERE ip IS NULL")) == 1
    above.dispose()


def test_protection_can_be_repeated(app: Flask, database_url: str) -> None:
    owner = sa.create_engine(database_url.replace("zhanggui_app@", "zhanggui_owner@"))

    with owner.begin() as connection:
        protect_audit(connection)
    owner.dispose()

    with app.app_context(), pytest.raises(DBAPIError), db.engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM audit_entry"))


def test_protection_waits_for_the_tables(tmp_path: Any) -> None:
    empty = sa.create_engine(f"sqlite:///{tmp_path}/empty.db")

    with empty.begin() as connection:
        protect_audit(connection)
    empty.dispose()
