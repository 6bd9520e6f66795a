"""Restoring a backup into an empty database, wholly or not at all (S:CORE-16)."""

import logging
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from app.addon_loader.archive import ArchiveReader, BackupContents
from app.addon_loader.installation import PLATFORM
from app.addon_loader.manifest import PLATFORM_VERSION, numbers
from app.database.columns import utc_now
from app.database.encryption import present_key_id
from app.database.sqlite import altering_transaction
from app.errors import ConfigurationError
from app.factory import create_app
from app.i18n import _
from app.jobs.maintenance import OPEN
from app.jobs.models import MaintenanceState, MaintenanceTask
from app.release.filling import Incoming, fill, refuse_filled
from app.release.lock import one_at_a_time
from app.release.site import Progress, Site, site

log = logging.getLogger(__name__)
_CLOSED = _("The installation was restored from a backup meanwhile.")


def restore_backup(path: Path, *, progress: Progress | None = None, **overrides: Any) -> BackupContents:
    """Fill the installation's empty database from a backup, put its files back, and return what it says.

    Every table then has as many rows as the backup, with the same checksum; what was queued is closed. Raises
    ConfigurationError for a backup that is damaged, older or newer than this code, or encrypted with another key, and
    for a database with tables; nothing is kept then.
    """
    with (
        site(progress, **overrides) as here,
        one_at_a_time(here.engine, here.settings),
        ArchiveReader(path, BackupContents) as backup,
    ):
        with here.engine.connect() as connection:
            refuse_filled(connection)
        _refuse_other_code(here, backup)
        backup.verify()
        app = create_app([name for name in backup.contents.revisions if name != PLATFORM], **overrides)
        with app.app_context():
            if backup.contents.key_id != present_key_id():
                raise ConfigurationError(
                    f"{path.name}: its personal values need another PERSONAL_DATA_KEY. Set that of the installation "
                    "where it was made; no backup holds it"
                )
            _put_back(here, backup)
    log.warning("restored from %s", path)
    return backup.contents


def _put_back(here: Site, backup: ArchiveReader[BackupContents]) -> None:
    tables = [
        Incoming(table.name, table.columns, partial(backup.rows, table.name), table.last_id)
        for table in backup.contents.tables
    ]
    put: list[Path] = []
    try:
        with altering_transaction(here.engine) as connection:
            refuse_filled(connection)
            fill(here.migrator, connection, tables, here.progress)
            _close_open_tasks(connection)
            for file in backup.contents.files:
                target = here.folder / file.path
                if not target.exists():
                    backup.put_file(here.folder, file.path)
                    put.append(target)
    except BaseException as error:
        for target in put:
            target.unlink(missing_ok=True)
        if isinstance(error, SQLAlchemyError):
            raise ConfigurationError(f"{backup.path.name}: {str(error).splitlines()[0]}") from error
        raise


def _close_open_tasks(connection: Connection) -> None:
    """Close what was asked for before the backup, the backup itself among it: nobody waits for it any more."""
    open_ones = sa.update(MaintenanceTask.__table__).where(MaintenanceTask.state.in_(OPEN))
    connection.execute(open_ones.values(state=MaintenanceState.FAILED, error=str(_CLOSED), finished_at=utc_now()))


def _refuse_other_code(here: Site, backup: ArchiveReader[BackupContents]) -> None:
    """Raise ConfigurationError unless this code's newest tables are those of the backup, add-on by add-on."""
    file, contents = backup.path.name, backup.contents
    present = {PLATFORM: PLATFORM_VERSION, **{name: manifest.version for name, manifest in here.manifests.items()}}
    for owner, revision in contents.revisions.items():
        version = contents.versions.get(owner, "")
        words = f"{owner} {version}".strip()
        if owner not in present:
            raise ConfigurationError(f"{file}: it has rows of {words}, whose files are missing; bring its folder back")
        is_unknown = revision not in here.migrator.known(owner)
        if is_unknown or (version and numbers(present[owner]) < numbers(version)):
            raise ConfigurationError(
                f"{file}: it was made by {words} ({revision}), and this code is older: {present[owner]}. Bring the "
                "newer files"
            )
        if revision not in here.migrator.newest(owner):
            raise ConfigurationError(
                f"{file}: it was made by {words} ({revision}), and this code is newer: {present[owner]}. Restore it "
                "with the files of that time, then bring the newer ones and run `flask release`"
            )
