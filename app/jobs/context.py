"""Entering a company outside of a request: a fresh context, an own session, an explicit user."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import Context
from typing import ParamSpec, TypeVar

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.engine import Connection

from app.companies.models import Company
from app.database.context import set_acting_user
from app.database.read_only import TRAIL
from app.database.row_security import announce_company
from app.database.session import db, session, set_active_company

P = ParamSpec("P")
T = TypeVar("T")
_BRIEF_WAIT = 100  # Milliseconds.


def run_as(company_id: int | None, user_id: int | None, call: Callable[P, T], *args: P.args, **options: P.kwargs) -> T:
    """Call in a fresh context: one company, one acting user (None for the system), an own session, no request.

    What the call does not commit itself is rolled back.
    """
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  # A proxy would fail there.

    def enter() -> T:
        with app.app_context():
            set_acting_user(user_id)
            set_active_company(company_id)
            return call(*args, **options)

    return Context().run(enter)


def active_company_ids() -> list[int]:
    """Return the companies that background work looks after; no transaction stays open meanwhile."""
    statement = sa.select(Company.id).where(Company.active).order_by(Company.id)
    return run_as(None, None, lambda: list(session.scalars(statement)))


@contextmanager
def short_transaction(*, wait: bool = True, trail: bool = False) -> Iterator[Connection]:
    """Open a transaction beside the session's, in the active company, committed at the end of the block.

    SQLite lets one transaction write at a time. With `wait=False` it raises OperationalError after a moment:
    the writer may be the very caller, whom waiting would not help. Only a `trail` is kept of somebody who only looks.
    """
    with db.engine.connect() as connection, _patience(connection, wait=wait), connection.begin():
        connection.execution_options(**{TRAIL: trail})
        announce_company(connection)
        yield connection


@contextmanager
def _patience(connection: Connection, *, wait: bool) -> Iterator[None]:
    driver = connection.connection.driver_connection
    if wait or driver is None or connection.dialect.name != "sqlite":
        yield
        return
    usual = driver.execute("PRAGMA busy_timeout").fetchone()[0]
    driver.execute(f"PRAGMA busy_timeout = {_BRIEF_WAIT}")
    try:
        yield
    finally:
        driver.execute(f"PRAGMA busy_timeout = {usual}")
