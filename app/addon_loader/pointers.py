"""Columns of other add-ons that point at what an add-on leaves in the platform's tables.

A receivable of payments names the order that it is for by its entry in the registry of documents. When orders is
taken out, the receivable stays and forgets the entry; the archive knows which one it was.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.addon_loader.installation import PLATFORM, owner_of, owners_of
from app.addon_loader.rows import Row
from app.addon_loader.traces import AddonNames, Selection, selections

_POINTS = "{} IN (SELECT id FROM {} WHERE {})"


@dataclass(frozen=True)
class Pointer:
    """A column that may be blank, and which of its rows point at what goes."""

    column: str
    selection: Selection

    @property
    def table(self) -> str:
        """The table of the other add-on."""
        return self.selection.table

    @property
    def name(self) -> str:
        """What an archive calls it."""
        return f"{self.table}.{self.column}"


def pointers_at(connection: Connection, names: AddonNames) -> list[Pointer]:
    """Return the columns of other add-ons that point at rows of the platform's which go with this one."""
    inspector, found = sa.inspect(connection), []
    tables = inspector.get_table_names()
    going = {one.table: one for one in selections(names, tables)}
    owners = owners_of(tables)
    for table in (table for table in tables if owner_of(table, owners) not in (None, PLATFORM, names.addon)):
        for key in inspector.get_foreign_keys(table):
            target = going.get(key["referred_table"])
            if target is None:
                continue
            for column, referred in zip(key["constrained_columns"], key["referred_columns"], strict=True):
                if referred == "id":
                    where = _POINTS.format(column, target.table, target.where)
                    found.append(Pointer(column, Selection(table, where, target.values)))
    return found


def blank(connection: Connection, pointer: Pointer) -> None:
    """Let the rows forget what goes."""
    statement = sa.update(sa.table(pointer.table, sa.column(pointer.column)))
    selection = pointer.selection
    connection.execute(statement.where(sa.text(selection.where)).values({pointer.column: None}), selection.values)


def point_again(connection: Connection, table: str, column: str, rows: Iterable[Row]) -> None:
    """Let rows of (id, target) that are still there, and point at nothing else by now, point at what came back."""
    place = sa.table(table, sa.column("id", sa.Integer), sa.column(column, sa.Integer))
    for key, target in rows:
        statement = sa.update(place).where(place.c.id == key, place.c[column].is_(None))
        connection.execute(statement.values({column: target}))
