"""An installed app with two companies, on SQLite and on PostgreSQL; each test gets its own copy of the database.

The databases are made once per worker, by the real release with the real migrations, and copied per test.
PostgreSQL is reached as a superuser through TEST_POSTGRES_URL only to make roles and copies: the application
logs in as a role that owns nothing, so that row-level security holds it as in production.
"""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, has_request_context
from flask.globals import request_ctx
from flask.testing import FlaskClient

from tests.app.crud.shop import make_shop
from tests.databases import KINDS, Database, furnished
from tests.entering import enter
from tests.world import make_world

ADDONS_PATH = [str(Path(__file__).parent / "dummy_addons")]


@pytest.fixture(scope="session", params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One kind of database with the world in it, to be copied."""
    with furnished(request.param, tmp_path_factory, "world", make_world, addons_path=ADDONS_PATH) as made:
        yield made


@pytest.fixture(scope="session", params=KINDS)
def shop_database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One kind of database with orders in it, for the folders that ask for it; made once for all of them."""
    addons = ["visits", "bonus", "market"]
    with furnished(request.param, tmp_path_factory, "shop", make_shop, addons=addons, addons_path=ADDONS_PATH) as made:
        yield made


@pytest.fixture
def world(database: Database) -> Iterator[SimpleNamespace]:
    """A fresh copy: companies `one` and `two`, their users; `bonus` is on in `one` only."""
    database.restore()
    yield SimpleNamespace(app=database.app, **database.facts)
    database.forget()


@pytest.fixture
def app(world: SimpleNamespace) -> Flask:
    """The application on a fresh copy of the database."""
    return world.app  # type: ignore[no-any-return]


@pytest.fixture
def login(world: SimpleNamespace) -> Callable[..., FlaskClient]:
    """Return a function that logs a user in, into a company."""
    return partial(enter, world.app)


@pytest.fixture
def run_in(world: SimpleNamespace) -> Callable[..., Any]:
    """Run a function in a fresh application context of one company, commit, and return its result."""
    from app.database.session import as_company, commit, session

    def run(company_id: int | None, call: Callable[[], Any], *, user: str | None = None) -> Any:
        with world.app.app_context(), as_company(company_id):
            result = call()
            session.flush()
            commit()
            if isinstance(result, sa.orm.DeclarativeBase) or hasattr(result, "_sa_instance_state"):
                session.refresh(result)
                session.expunge(result)
            return result

    return run


@pytest.fixture
def data_folder(database: Database) -> Path:
    """Where the app under test keeps its files."""
    return Path(database.app.config["DATA_FOLDER"])


@pytest.fixture(autouse=True)
def _leave_no_request() -> Iterator[None]:
    """Fail whoever leaves a request open: the next request of the thread would share its `g`."""
    yield
    left = has_request_context()
    while has_request_context():
        request_ctx.pop()
    assert not left, "a request is still open: close the response, or leave the client's `with`"
