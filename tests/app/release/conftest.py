"""A database of its own for each test, with people in it, and nobody's connections left over."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result

from tests.commands import environment_of, runner
from tests.conftest import ADDONS_PATH
from tests.databases import Database
from tests.empty_database import empty_database
from tests.world import make_world


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs("postgresql"))])
def installation(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Two companies with `visits` and `bonus`; `market` lies there and is not installed."""
    from app.release import release

    with empty_database(request.param, tmp_path, ADDONS_PATH) as made:
        made.app = release(["bonus"], **made.settings())
        made.facts = make_world(made.app)
        yield made


@pytest.fixture
def flask(installation: Database, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run a command on the installation as `flask …` would, in this process."""
    return runner(environment_of(installation.settings()), monkeypatch)
