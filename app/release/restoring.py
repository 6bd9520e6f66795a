"""Putting an archived add-on back: its tables at the archive's revision, its rows, then the way up to the present."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from app.addon_loader.archive import AddonContents, ArchivedTable, ArchiveReader, list_archives
from app.addon_loader.impact import own_tables
from app.addon_loader.installation import revisions
from app.addon_loader.manifest import closure
from app.addon_loader.pointers import point_again
from app.addon_loader.rows import BATCH, Row, catch_up_sequence, column_types, without_foreign_keys, write_rows
from app.database.sqlite import altering_transaction
from app.errors import ConfigurationError
from app.release.bringing_up import bring_up
from app.release.lock import one_at_a_time
from app.release.site import Site, site

log = logging.getLogger(__name__)
Left = dict[str, int]


def restore(name: str, file: Path | None = None, **overrides: Any) -> Left:
    """Put an add-on back from an archive, the newest unless named; return what was left out, rows by table.

    Left out are rows of the platform's that belong to somebody or something deleted meanwhile. Raises
    ConfigurationError for an archive that is damaged or does not fit, and for an add-on that is installed: its rows
    would meet those of the archive.
    """
    with site(**overrides) as here, one_at_a_time(here.engine, here.settings):
        return put_back(here, name, file)


def put_back(here: Site, name: str, file: Path | None = None) -> Left:
    """Do what restoring does; whoever calls it holds the lock."""
    here.require_owner()
    with ArchiveReader(file or _newest(here, name), AddonContents) as archive:
        _check(here, archive, name)
        bring_up(here, closure(here.manifests, name))
        try:
            with altering_transaction(here.engine) as connection:
                here.migrator.move(connection, name, archive.contents.revision)
                left_out = _Loading(here, connection, archive).load()
                here.migrator.move(connection, name, "head")
        except IntegrityError as error:
            raise ConfigurationError(
                f"{archive.path.name}: its rows meet others, or point at what is no longer there: {error.orig}"
            ) from error
        for one in archive.contents.files:
            archive.put_file(here.folder, one.path)
    bring_up(here, [name])
    log.warning("The add-on %r was restored from %s", name, archive.path)
    return left_out


def _newest(here: Site, name: str) -> Path:
    found = list_archives(here.folder, name)
    if not found:
        raise ConfigurationError(f"there is no archive of {name!r}")
    return found[0][0]


def _check(here: Site, archive: ArchiveReader[AddonContents], name: str) -> None:
    contents, file = archive.contents, archive.path.name
    if contents.addon != name:
        raise ConfigurationError(f"{file}: this is an archive of {contents.addon!r}")
    if name not in here.manifests:
        raise ConfigurationError(f"{name}: its files are missing; bring its folder back first")
    if name in revisions(here.engine):
        raise ConfigurationError(f"{name} is installed: the ids of its rows and those of the archive would collide")
    if contents.revision not in here.migrator.known(name):
        raise ConfigurationError(
            f"{file}: it is of revision {contents.revision!r}, which this code does not know: "
            f"bring newer files of {name}"
        )
    archive.verify()


class _Loading:
    """Writes the rows of one archive. A row of the platform's whose id was taken meanwhile gets another one."""

    def __init__(self, here: Site, connection: Connection, archive: ArchiveReader[AddonContents]) -> None:
        self._here, self._connection, self._archive = here, connection, archive
        self._new_ids: dict[str, dict[Any, Any]] = defaultdict(dict)
        self.left_out: Left = {}

    def load(self) -> Left:
        """Write everything: the platform's rows first, because the add-on's own point at them."""
        contents = self._archive.contents
        self._check_tables(contents)
        for table in (table for table in contents.tables if not table.own):
            self._tell(table)
            written = write_rows(self._connection, table.name, self._columns(table), self._mended(table))
            if written < table.rows:
                self.left_out[table.name] = table.rows - written
            catch_up_sequence(self._connection, table.name)
        self._load_own([table for table in contents.tables if table.own])
        for pointer in contents.pointers:
            self._point_again(pointer)
        return self.left_out

    def _point_again(self, pointer: ArchivedTable) -> None:
        """Let rows of other add-ons point at what came back; what was left out, they have forgotten for good."""
        table, _dot, column = pointer.name.partition(".")
        target = self._references(table).get(column) if sa.inspect(self._connection).has_table(table) else None
        if target is None:
            return
        rows, new = self._archive.rows(pointer.name), self._new_ids[target]
        while batch := [(key, new.get(value, value)) for key, value in islice(rows, BATCH)]:
            there = self._existing(target, {value for _key, value in batch})
            point_again(self._connection, table, column, [[key, value] for key, value in batch if value in there])

    def _tell(self, table: ArchivedTable) -> None:
        tables = self._archive.contents.tables
        self._here.progress(tables.index(table), len(tables), table.name)

    def _check_tables(self, contents: AddonContents) -> None:
        expected = sorted(table.name for table in contents.tables if table.own)
        if own_tables(self._connection, contents.addon) != expected:
            raise ConfigurationError(f"{self._archive.path.name}: its tables are not those of {contents.revision}")

    def _load_own(self, tables: list[ArchivedTable]) -> None:
        """Write the add-on's tables without their foreign keys, which are checked when they are put back."""
        with without_foreign_keys(self._connection, [table.name for table in tables]):
            for table in tables:
                self._tell(table)
                write_rows(self._connection, table.name, table.columns, self._pointed(table))
                catch_up_sequence(self._connection, table.name, table.last_id)

    def _columns(self, table: ArchivedTable) -> list[str]:
        """Return the archived columns that the platform's table still has."""
        present = column_types(self._connection, table.name)
        return [name for name in table.columns if name in present]

    def _pointed(self, table: ArchivedTable) -> Iterator[Row]:
        """Yield the rows, pointing at the new ids."""
        targets = {table.columns.index(name): target for name, target in self._references(table.name).items()}
        changing = {place: self._new_ids[target] for place, target in targets.items() if self._new_ids[target]}
        for row in self._archive.rows(table.name):
            for place, new in changing.items():
                row[place] = new.get(row[place], row[place])
            yield row

    def _mended(self, table: ArchivedTable) -> Iterator[Row]:
        """Yield the platform's rows with free ids, without those that belong to what is no longer there."""
        kept = [table.columns.index(name) for name in self._columns(table)]
        references = {
            table.columns.index(name): target
            for name, target in self._references(table.name).items()
            if name in table.columns
        }
        required = {table.columns.index(name) for name in self._required(table.name) if name in table.columns}
        rows = self._pointed(table)
        while batch := list(islice(rows, BATCH)):
            for place, target in references.items():
                there = self._existing(target, {row[place] for row in batch} - {None})
                if place in required:
                    batch = [row for row in batch if row[place] in there]
                for row in batch:
                    row[place] = row[place] if row[place] in there else None
            self._renumber(table, batch)
            yield from ([row[place] for place in kept] for row in batch)

    def _renumber(self, table: ArchivedTable, batch: list[Row]) -> None:
        if "id" not in table.columns:
            return
        place = table.columns.index("id")
        taken = self._existing(table.name, {row[place] for row in batch})
        for row in batch:
            if row[place] in taken:
                new = self._next_id(table)
                self._new_ids[table.name][row[place]] = new
                row[place] = new

    def _next_id(self, table: ArchivedTable) -> Any:
        """Return an id that neither the table nor the archive uses."""
        if self._connection.dialect.name == "postgresql":
            statement = sa.text("SELECT nextval(pg_get_serial_sequence(:table, 'id'))")
            return self._connection.scalar(statement, {"table": table.name})
        if used := self._new_ids[table.name]:
            return max(used.values()) + 1
        place = table.columns.index("id")
        archived = max(row[place] for row in self._archive.rows(table.name))
        highest = self._connection.scalar(sa.select(sa.func.max(sa.column("id"))).select_from(sa.table(table.name)))
        return max(highest, archived) + 1

    def _existing(self, table: str, ids: Iterable[Any]) -> set[Any]:
        key: sa.ColumnClause[int] = sa.column("id", sa.Integer)
        statement = sa.select(key).select_from(sa.table(table)).where(key.in_(list(ids)))
        return set(self._connection.scalars(statement))

    def _references(self, table: str) -> dict[str, str]:
        """Return the columns that hold the id of a row of another table."""
        found = {}
        for key in sa.inspect(self._connection).get_foreign_keys(table):
            for column, referred in zip(key["constrained_columns"], key["referred_columns"], strict=True):
                if referred == "id":
                    found[column] = key["referred_table"]
        return found

    def _required(self, table: str) -> set[str]:
        return {one["name"] for one in sa.inspect(self._connection).get_columns(table) if not one["nullable"]}
