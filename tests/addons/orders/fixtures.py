"""Fixtures of the tests of orders; each conftest has a database of its own name."""

import os
from collections.abc import Callable, Iterator
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest

from tests.addons.orders.office import Office, make_office, refusal_of
from tests.addons.orders.reviewing import put_under_chain
from tests.databases import Database, PostgresDatabase, SqliteDatabase

KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.needs("postgresql"))]


def sales_database(name: str) -> Any:
    """Return the fixture `database` with the sales office in it, to be copied."""

    @pytest.fixture(scope="session", params=KINDS, name="database")
    def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
        """One kind of database."""
        worker = f"{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{name}"
        kind = PostgresDatabase if request.param == "postgresql" else SqliteDatabase
        made = kind(tmp_path_factory.mktemp(f"{name}_{request.param}"), worker, [])
        made.build(make_office, addons=["reception", "payments", "orders"])
        made.restore()
        yield made
        made.forget()
        made.drop()

    return database


@pytest.fixture
def world(database: Database) -> Iterator[SimpleNamespace]:
    """A fresh copy, for tests that commit."""
    database.forget()  # The pool must not keep connections to the copy that goes.
    database.restore()
    yield SimpleNamespace(app=database.app, **database.facts)
    database.forget()
    database.restore()


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    """The office inside an application context of company one; nothing is committed, so no copy is needed."""
    from app.database.session import as_company, rollback

    world = SimpleNamespace(app=database.app, **database.facts)
    with world.app.app_context(), as_company(world.one):
        yield Office(world)
        rollback()


@pytest.fixture
def refused(office: Office) -> Callable[..., Any]:
    """Return a function that calls a service, expects its refusal, checks that nothing changed, and returns it."""
    return partial(refusal_of, office)


@pytest.fixture
def reviewed(world: SimpleNamespace) -> Iterator[Office]:
    """The office with the chain of discounts in force, which is committed so that it is known; the rest is not."""
    from app.database.session import as_company, commit, rollback

    with world.app.app_context(), as_company(world.one):
        office = Office(world)
        put_under_chain(office)
        commit()
        yield office
        rollback()
