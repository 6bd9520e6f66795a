"""Folders with add-ons made for one test, empty databases, and the command line."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result

from tests.commands import environment_of, runner
from tests.conftest import ADDONS_PATH
from tests.databases import Database
from tests.empty_database import empty_database

MANIFEST = '{{"name": {name!r}, "title": "Test", "version": "1.0.0", "depends": {depends!r}{more}}}'
MIGRATION = '''"""Test."""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = {after!r}
requires = {requires!r}


def upgrade() -> None:
    op.create_table("{table}", sa.Column("id", sa.Integer, primary_key=True))


def downgrade() -> None:
    op.drop_table("{table}")
'''


@pytest.fixture
def settings(tmp_path: Path) -> dict[str, object]:
    """What an app without a database of its own is made with."""
    return {"DATA_FOLDER": str(tmp_path), "SECRET_KEY": "test" * 10, "PERSONAL_DATA_KEY": "test" * 10, "TESTING": True}


class AddonFolder:
    """A folder of ADDONS_PATH, and what is in it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, name: str, file: str, text: str) -> Path:
        """Write one file of an add-on."""
        target = self.path / name / file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
        return target

    def addon(self, name: str, *, depends: tuple[str, ...] = (), more: str = "", setup: str = "pass") -> Path:
        """Write a whole add-on without models; return its manifest."""
        self.write(name, "__init__.py", '"""Test."""\n')
        self.write(name, "models.py", '"""No tables."""\n')
        self.write(name, "addon.py", f'"""Test."""\n\n\ndef setup(addon):\n    {setup}\n')
        return self.write(name, "__manifest__.py", MANIFEST.format(name=name, depends=list(depends), more=more))

    def migration(self, name: str, number: int, *, requires: dict[str, str] | None = None) -> None:
        """Write a migration that makes a table of its own."""
        after = f"{name}_{number - 1:04}" if number > 1 else None
        text = MIGRATION.format(
            revision=f"{name}_{number:04}", after=after, requires=requires or {}, table=f"{name}_thing_{number}"
        )
        self.write(name, f"migrations/versions/{name}_{number:04}.py", text)


@pytest.fixture
def addons(tmp_path: Path) -> AddonFolder:
    """An empty folder for add-ons."""
    folder = tmp_path / "more_addons"
    folder.mkdir()
    return AddonFolder(folder)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs("postgresql"))])
def empty(request: pytest.FixtureRequest, tmp_path: Path, addons: AddonFolder) -> Iterator[Database]:
    """A database without a single table; its add-ons are the dummies and those that the test writes."""
    with empty_database(request.param, tmp_path, [*ADDONS_PATH, str(addons.path)]) as made:
        yield made


@pytest.fixture
def environment(empty: Database) -> dict[str, str]:
    """The variables that point the product at the empty database."""
    return environment_of(empty.settings())


@pytest.fixture
def flask(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run a command as `flask …` would, in this process."""
    return runner(environment, monkeypatch)
