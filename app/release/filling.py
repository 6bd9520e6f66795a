"""Filling an empty database with the rows of another one, in one transaction, and proving that they are the same."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from app.addon_loader.installation import version_table
from app.addon_loader.migrations import Migrator
from app.addon_loader.rows import (
    Digest,
    Row,
    catch_up_sequence,
    column_types,
    read_rows,
    without_foreign_keys,
    write_rows,
)
from app.audit import protect_audit
from app.database.row_security import secure_tables
from app.database.session import db
from app.database.statistics import refine_statistics
from app.errors import ConfigurationError
from app.release.site import Progress


@dataclass(frozen=True)
class Incoming:
    """A table on its way in; `rows` begins to read them."""

    name: str
    columns: list[str]
    rows: Callable[[], Iterator[Row]]
    last_id: int


def refuse_filled(connection: Connection) -> None:
    """Raise ConfigurationError for a database that has tables: nothing is ever mixed or overwritten."""
    if there := sa.inspect(connection).get_table_names():
        raise ConfigurationError(
            f"{told(connection.engine.url)} is not empty: it has {len(there)} tables. Make an empty database, or move "
            "the SQLite file away"
        )


def fill(migrator: Migrator, connection: Connection, tables: list[Incoming], progress: Progress) -> dict[str, Digest]:
    """Make the tables, put the rows in with their ids, compare them with what came, and put the guards up.

    Returns numbers and checksums by table. Raises ConfigurationError for tables that are not those of this code, and
    for rows that the database refuses or tells otherwise; whoever calls this then rolls everything back.
    """
    versions = version_table("")
    owners = [one.name.removeprefix(versions) for one in tables if one.name.startswith(versions)]
    migrator.build(connection, owners)
    _compare_tables(connection, tables)
    loaded = [one for one in tables if not one.name.startswith(versions)]
    found: dict[str, Digest] = {}
    with without_foreign_keys(connection, [one.name for one in loaded]):
        for one in loaded:  # Migrations put rows of their own in.
            connection.execute(sa.delete(sa.table(one.name)))
        for number, one in enumerate(tables):
            progress(number, len(tables), one.name)
            found[one.name] = _load(connection, one, write=one in loaded)
    protect_audit(connection)
    refine_statistics(connection, db.Model.metadata)
    secure_tables(connection, db.Model.metadata, migrator.app_role)
    return found


def told(url: sa.URL) -> str:
    """Return an address without its password."""
    return url.render_as_string(hide_password=True)


def _load(connection: Connection, one: Incoming, *, write: bool) -> Digest:
    came = Digest()
    rows = came.watch(one.rows())
    try:
        if write:
            write_rows(connection, one.name, one.columns, rows)
            catch_up_sequence(connection, one.name, one.last_id)
        else:  # The revision is there already, by the migrations themselves.
            for _row in rows:
                pass
    except DBAPIError as error:  # The first line only: the next ones repeat the row.
        reason = str(error.orig).partition("\n")[0]
        raise ConfigurationError(f"{one.name}: the database refuses its rows: {reason}") from None
    there = Digest()
    for _row in there.watch(read_rows(connection, one.name, columns=one.columns)):
        pass
    if (came.rows, came.sha256) != (there.rows, there.sha256):
        raise ConfigurationError(
            f"{one.name}: {came.rows} rows came and {there.rows} are there, or they differ; nothing was kept"
        )
    return came


def _compare_tables(connection: Connection, tables: Iterable[Incoming]) -> None:
    expected = {one.name: set(one.columns) for one in tables}
    made = {name: set(column_types(connection, name)) for name in sa.inspect(connection).get_table_names()}
    if made != expected:
        names = sorted({name for name in {*made, *expected} if made.get(name) != expected.get(name)})
        raise ConfigurationError(f"the tables of this code are others than those that came: {', '.join(names)}")
