"""One database with everything in it: each view has records in two companies, and nobody of one sees the other's."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.databases import KINDS, Database, furnished
from tests.entering import enter
from tests.every_view.furnish import furnish
from tests.every_view.samples import ABROAD
from tests.every_view.views import ADDONS, ADDONS_PATH, resources
from tests.every_view.world import COLLEAGUE, make_world


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
    own: dict[str, list[int]]
    foreign: dict[str, list[int]]
    holders: dict[str, FlaskClient]  # One for each role, in company one.


@pytest.fixture(scope="session", params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One kind of database with every add-on in it, and records of every view."""
    kind = request.param
    with furnished(kind, tmp_path_factory, "views", _furnish, addons=ADDONS, addons_path=ADDONS_PATH) as made:
        yield made


@pytest.fixture
def house(database: Database) -> Iterator[House]:
    """The app with records of every view; whatever a test does to them is undone."""
    yield database.facts["house"]
    database.rewind()


def _furnish(app: Any) -> dict[str, Any]:
    world = SimpleNamespace(app=app, **make_world(app))
    come = partial(enter, app)
    root, abroad = come("root", world.one), come("root", world.two)
    house = House(
        app=app,
        world=world,
        root=root,
        eve=come("eve", world.one),
        stranger=app.test_client(),
        abroad=abroad,
        own=furnish(root, come(COLLEAGUE, world.one)),
        foreign=furnish(abroad, come(COLLEAGUE, world.two), ABROAD),
        holders={role: come(role, world.one) for role in world.roles},
    )
    return {"house": house}


@pytest.fixture
def data_folder(database: Database) -> Path:
    """Where the app under test keeps its files."""
    return Path(database.app.config["DATA_FOLDER"])
