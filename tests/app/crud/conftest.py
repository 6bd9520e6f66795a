"""The tests of generated screens run with a third dummy add-on: orders, which have lines and personal data."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.databases import Database


@pytest.fixture(scope="session")
def database(shop_database: Database) -> Database:
    """One kind of database with the shop in it."""
    return shop_database


@pytest.fixture
def count(world: Any, run_in: Callable[..., Any]) -> Callable[..., int]:
    """Return a function that counts the rows of a model in company one."""
    import sqlalchemy as sa

    from app.database.session import session

    def rows_of(model: Any, company_id: int | None = None) -> int:
        statement = sa.select(sa.func.count()).select_from(sa.select(model.id).subquery())
        return run_in(company_id or world.one, lambda: session.scalar(statement))

    return rows_of


@pytest.fixture
def statements(world: Any) -> Callable[..., list[str]]:
    """Return a function that tells which statements a call sends to the database."""
    import sqlalchemy as sa

    from app.database.session import db

    def record(call: Callable[[], Any]) -> list[str]:
        found: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            found.append(statement)

        with world.app.app_context():
            engine = db.engine
        sa.event.listen(engine, "before_cursor_execute", note)
        try:
            answer = call()
        finally:
            sa.event.remove(engine, "before_cursor_execute", note)
        assert answer.status_code == 200, answer.text
        return found

    return record
