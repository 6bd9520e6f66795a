"""One database with everything in it: each view has records in two companies, and nobody of one sees the other's."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.databases import Database, PostgresDatabase, SqliteDatabase
from tests.every_view.furnish import furnish
from tests.every_view.samples import ABROAD
from tests.every_view.views import ADDONS, ADDONS_PATH, resources
from tests.every_view.world import make_world
from tests.world import PASSWORD


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for `resource` once for every generated view."""
    if "resource" in metafunc.fixturenames:
        metafunc.parametrize("resource", resources())


@dataclass
class House:
    """The app with its records, and people at its doors: `root` may everything, `eve` nothing, a stranger is nobody."""

    app: Any
    world: SimpleNamespace
    root: FlaskClient
    eve: FlaskClient
    stranger: FlaskClient
    abroad: FlaskClient  # root in company two
    own: dict[str, list[int]] = field(default_factory=dict)
    foreign: dict[str, list[int]] = field(default_factory=dict)
    holders: dict[str, FlaskClient] = field(default_factory=dict)  # One for each role, in company one.


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs("postgresql"))])
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One kind of database with every add-on in it."""
    worker = f"{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_views"
    kind = PostgresDatabase if request.param == "postgresql" else SqliteDatabase
    made = kind(tmp_path_factory.mktemp(f"views_{request.param}"), worker, ADDONS_PATH)
    made.build(make_world, addons=ADDONS)
    made.restore()
    yield made
    made.forget()
    made.drop()


@pytest.fixture(scope="session")
def house(database: Database) -> House:
    """The app with records of every view. The tests share it: none takes away what another one needs."""
    world = SimpleNamespace(app=database.app, **database.facts)
    enter = _doors(database.app)
    made = House(
        database.app, world, enter("root", world.one), enter("eve", world.one), database.app.test_client(),
        enter("root", world.two),
    )  # fmt: skip
    made.own, made.foreign = furnish(made.root), furnish(made.abroad, ABROAD)
    made.holders = {role: enter(role, world.one) for role in world.roles}
    return made


def _doors(app: Any) -> Callable[..., FlaskClient]:
    def enter(username: str, company_id: int) -> FlaskClient:
        client = app.test_client()
        assert client.post("/login/", data={"username": username, "password": PASSWORD}).status_code == 302
        assert client.post(f"/company/{company_id}").status_code == 302
        return client

    return enter


@pytest.fixture
def data_folder(database: Database) -> Path:
    """Where the app under test keeps its files."""
    return Path(database.app.config["DATA_FOLDER"])
