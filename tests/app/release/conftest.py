"""A database of its own for each test, with people in it, and nobody's connections left over."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result

from tests.commands import environment_of, runner
from tests.conftest import ADDONS_PATH
from tests.databases import Database, PostgresDatabase, SqliteDatabase
from tests.empty_database import copied_database
from tests.world import make_world


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs("postgresql"))])
def released(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Two companies with `visits` and `bonus`, to be copied; `market` lies there and is not installed."""
    worker = f"{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_released"
    kind = PostgresDatabase if request.param == "postgresql" else SqliteDatabase
    made = kind(tmp_path_factory.mktemp(f"released_{request.param}"), worker, ADDONS_PATH)
    made.build(make_world, addons=["bonus"])
    yield made
    made.drop()


@pytest.fixture
def installation(released: Database, tmp_path: Path) -> Iterator[Database]:
    """A database of the test's own, which it may empty and fill."""
    with copied_database(released, tmp_path) as made:
        yield made


@pytest.fixture
def flask(installation: Database, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run a command on the installation as `flask …` would, in this process."""
    return runner(environment_of(installation.settings()), monkeypatch)
