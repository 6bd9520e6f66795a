"""A database without a single table, for tests of installing and upgrading."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from tests.databases import Database, PostgresDatabase, SqliteDatabase


class EmptyPostgres(PostgresDatabase):
    """A database beside the one that all tests copy."""

    @property
    def name(self) -> str:
        """The database that the app uses."""
        return f"{super().name}_empty"


@contextmanager
def empty_database(kind: str, folder: Path, addons_path: list[str]) -> Iterator[Database]:
    """Make the database, and remove it at the end with all that the apps of the test left open."""
    with _beside(kind, folder, addons_path) as made:
        made.create()
        yield made


@contextmanager
def copied_database(built: Database, folder: Path) -> Iterator[Database]:
    """Make a database of its own that begins as another one did, and remove it likewise."""
    kind = "postgresql" if isinstance(built, PostgresDatabase) else "sqlite"
    with _beside(kind, folder, built.addons_path) as made:
        made.begin_as(built)
        yield made


@contextmanager
def _beside(kind: str, folder: Path, addons_path: list[str]) -> Iterator[Database]:
    (folder / "data").mkdir()
    made = (EmptyPostgres if kind == "postgresql" else SqliteDatabase)(folder, "main", addons_path)
    with closing_connections():
        yield made
    made.drop()


@contextmanager
def closing_connections() -> Iterator[None]:
    """Close at the end what the apps of a test left open."""
    opened: list[Any] = []

    def note(connection: Any, _record: Any) -> None:
        opened.append(connection)

    event.listen(Engine, "connect", note)
    yield
    event.remove(Engine, "connect", note)
    for connection in opened:
        connection.close()
