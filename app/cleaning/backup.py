"""The archive of one cleaning: exactly the rows that are deleted, and the files attached to them."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from flask import current_app
from sqlalchemy.engine import Connection

from app.addon_loader.archive import ArchiveWriter, Contents, archives_folder
from app.addon_loader.manifest import PLATFORM_VERSION
from app.addon_loader.rows import Row, column_types, read_rows
from app.database.base import Model
from app.database.context import active_company
from app.errors import Conflict
from app.i18n import _
from app.jobs import short_transaction

OWNER = "cleaning"
_BATCH = 500


@dataclass(kw_only=True)
class CleaningContents(Contents):
    """What the archive of a cleaning says about itself."""

    KIND: ClassVar[str] = "an archive of a cleaning"

    resource: str
    version: str


Deleted = dict[str, list[int]]  # The ids of the rows of each table, in the order of deleting.


def folder_of_archives() -> Path:
    """Return where the archives of the active company's cleanings lie."""
    return archives_folder(_data_folder()) / OWNER / str(active_company())


def write_archive(name: str, resource: str, deleted: Deleted, files: Sequence[str], *, now: dt.datetime) -> None:
    """Write the rows as they are for everybody else: what the transaction under way has deleted is still there.

    They are in the order in which they can be put back. Raises Conflict where a row is missing. The archive has its
    name only when all of it can be read back.
    """
    with short_transaction() as connection:
        contents = CleaningContents(
            resource=resource,
            version=PLATFORM_VERSION,
            database=connection.dialect.name,
            made_at=now.isoformat(timespec="seconds"),
        )
        writer = ArchiveWriter(folder_of_archives() / name, contents)
        try:
            for table in (one.name for one in Model.metadata.sorted_tables if one.name in deleted):
                columns = list(column_types(connection, table))
                rows = _rows(connection, table, columns.index("id"), deleted[table])
                writer.add_table(table, columns, rows, own=True)
            for path in files:
                writer.add_file(_data_folder(), path)
            writer.close()
        except BaseException:
            writer.discard()
            raise


def _rows(connection: Connection, table: str, place: int, ids: Sequence[int]) -> list[Row]:
    found: dict[int, Row] = {}
    for values in _batches(ids):
        where = f"id IN ({', '.join(f':{name}' for name in values)})"
        found |= {int(row[place]): row for row in read_rows(connection, table, where, values)}
    if len(found) != len(ids):
        raise Conflict("clean.changed", _("Records have changed meanwhile. Nothing was deleted; look at the preview."))
    return [found[key] for key in reversed(ids)]


def _batches(ids: Sequence[int]) -> Iterator[dict[str, Any]]:
    for start in range(0, len(ids), _BATCH):
        yield {f"id_{number}": key for number, key in enumerate(ids[start : start + _BATCH])}


def _data_folder() -> Path:
    return Path(current_app.config["DATA_FOLDER"])
