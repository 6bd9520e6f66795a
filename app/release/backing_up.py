"""Writing a backup of the whole installation: every row of every table, and the stored files (S:CORE-16)."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.addon_loader.archive import ArchiveReader, ArchiveWriter, BackupContents
from app.addon_loader.installation import revisions
from app.addon_loader.rows import column_types, highest_id, read_rows
from app.backups import backup_path, delete_unfinished, fail_run, prune, record_run, retention
from app.database.columns import utc_now
from app.database.encryption import present_key_id
from app.errors import AppError, ConfigurationError
from app.factory import create_app
from app.i18n import _
from app.release.lock import one_at_a_time
from app.release.site import Progress, Site, site
from app.release.snapshot import snapshot, versions_in

log = logging.getLogger(__name__)
# Folders of the data folder that rows point into, or that hold what rows were once. Uploads live for a day.
STORED = ("attachments", "jobs", "archives")
_TOLD_EVERY = 50  # Files.


def create_backup(**overrides: Any) -> tuple[Path, BackupContents]:
    """Write a backup, and return its file and what it says about itself.

    Raises ConfigurationError where it cannot be written; the failure is noted, and the administrators are alerted.
    """
    with site(**overrides) as here, one_at_a_time(here.engine, here.settings):
        app = create_app([], **overrides)  # The platform alone: no row is read through a model.
        with app.app_context():
            return back_up(here)


def back_up(here: Site, *, requested_by_id: int | None = None, nightly: bool = False) -> tuple[Path, BackupContents]:
    """Do what `create_backup` does; whoever calls it holds the lock, in an app. After a nightly one the oldest go."""
    started_at = utc_now()
    try:
        delete_unfinished(here.folder)
        path, contents = _write(here)
    except Exception as error:
        log.exception("the backup failed")
        fail_run(reason_of(error), started_at=started_at, now=utc_now(), requested_by_id=requested_by_id)
        if isinstance(error, OSError):
            raise ConfigurationError(reason_of(error)) from error
        raise
    record_run(
        path, started_at=started_at, rows=contents.rows, files=len(contents.files), requested_by_id=requested_by_id
    )
    if nightly:
        for gone in prune(here.folder, retention(started_at)):
            log.info("the backup %s is old, and was deleted", gone.name)
    return path, contents


def check_backup(path: Path, progress: Progress | None = None) -> BackupContents:
    """Read a backup through and return what it says. Raises ConfigurationError, naming what is torn or changed."""
    with ArchiveReader(path, BackupContents) as backup:
        backup.verify(progress)
        return backup.contents


def reason_of(error: Exception) -> str:
    """Return what an administrator is told of a failure; the log has the rest."""
    if isinstance(error, AppError | ConfigurationError):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(_("Something went wrong. The administrator finds the reason in the log of the maintenance worker."))


def _write(here: Site) -> tuple[Path, BackupContents]:
    now = utc_now()
    with snapshot(here.engine) as connection:
        contents = BackupContents(
            database=connection.dialect.name,
            made_at=now.isoformat(timespec="seconds"),
            versions=versions_in(connection),
            revisions=revisions(here.engine),
            key_id=present_key_id(),
        )
        writer = ArchiveWriter(backup_path(here.folder, now), contents)
        try:
            _write_tables(here, connection, writer)
            _write_files(here, writer)
            writer.close()
        except BaseException:
            writer.discard()
            raise
    return writer.path, contents


def _write_tables(here: Site, connection: Connection, writer: ArchiveWriter) -> None:
    tables = sorted(sa.inspect(connection).get_table_names())
    for number, table in enumerate(tables):
        here.progress(number, len(tables), table)
        columns, rows = list(column_types(connection, table)), read_rows(connection, table)
        writer.add_table(table, columns, rows, own=False, last_id=highest_id(connection, table))


def _write_files(here: Site, writer: ArchiveWriter) -> None:
    """Write the stored files. One that goes while this runs is left out: its row went, or says that it did."""
    files = list(_stored_files(here.folder))
    for number, path in enumerate(files):
        if number % _TOLD_EVERY == 0:
            here.progress(number, len(files), path)
        try:
            writer.add_file(here.folder, path)
        except FileNotFoundError:
            log.info("%s went while the backup was written", path)


def _stored_files(folder: Path) -> Iterator[str]:
    for stored in STORED:
        for path in sorted((folder / stored).rglob("*")):
            if path.is_file() and path.suffix != ".part":
                yield path.relative_to(folder).as_posix()
