"""The tests of payments run at a till of their own."""

import os
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from tests.addons.payments.till import Till, make_till
from tests.databases import Database, PostgresDatabase, SqliteDatabase

KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.needs("postgresql"))]


@pytest.fixture(scope="session", params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One kind of database with the till in it, to be copied."""
    worker = f"{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_payments"
    kind = PostgresDatabase if request.param == "postgresql" else SqliteDatabase
    made = kind(tmp_path_factory.mktemp(f"payments_{request.param}"), worker, [])
    made.build(make_till, addons=["reception", "payments"])
    made.restore()
    yield made
    made.forget()
    made.drop()


@pytest.fixture
def world(database: Database) -> Iterator[SimpleNamespace]:
    """A fresh copy, for tests that commit."""
    database.forget()  # The pool must not keep connections to the copy that goes.
    database.restore()
    yield SimpleNamespace(app=database.app, **database.facts)
    database.forget()
    database.restore()


@pytest.fixture
def till(database: Database) -> Iterator[Till]:
    """The till inside an application context of company one; nothing is committed, so no copy is needed."""
    from app.database.session import as_company, rollback

    world = SimpleNamespace(app=database.app, **database.facts)
    with world.app.app_context(), as_company(world.one):
        yield Till(world)
        rollback()


@pytest.fixture
def refused(till: Till) -> Callable[..., Any]:
    """Return a function that calls a service, expects its refusal, checks that nothing changed, and returns it."""
    from app.errors import AppError

    def attempt(call: Callable[..., Any], *arguments: Any, **values: Any) -> AppError:
        till.session.flush()
        before = till.facts()
        with pytest.raises(AppError) as caught, till.session.begin_nested():
            call(*arguments, **values)
        till.session.expire_all()
        assert till.facts() == before
        return caught.value

    return attempt
