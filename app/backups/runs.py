"""What came of backups: written down after each attempt and each check, and read for the page."""

import datetime as dt
import logging
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import joinedload

from app.backups.alerting import alert_administrators
from app.backups.files import list_files, time_of
from app.backups.models import BackupRun
from app.database.afterwards import afterwards
from app.database.columns import utc_now
from app.database.session import db, session

log = logging.getLogger(__name__)
_MOST = 100


@dataclass(frozen=True)
class ShownBackup:
    """One line of the list: an attempt, or a file that no attempt of this database wrote."""

    at: dt.datetime
    file: str | None
    size: int
    is_there: bool
    run: BackupRun | None = None


def data_folder() -> Path:
    """Return the data folder of this app."""
    return Path(current_app.config["DATA_FOLDER"])


def record_run(path: Path, *, started_at: dt.datetime, rows: int, files: int, requested_by_id: int | None) -> None:
    """Note a backup that became whole."""
    _insert(
        file=path.name, ok=True, started_at=started_at, finished_at=utc_now(), size=path.stat().st_size, rows=rows,
        files=files, requested_by_id=requested_by_id,
    )  # fmt: skip


def fail_run(reason: str, *, started_at: dt.datetime, now: dt.datetime, requested_by_id: int | None = None) -> None:
    """Note a backup that failed, and alert the administrators, both as soon as the present transaction is over."""

    def tell() -> None:
        try:
            _insert(ok=False, started_at=started_at, finished_at=now, error=reason, requested_by_id=requested_by_id)
            alert_administrators(reason, now)
        except SQLAlchemyError:  # The database itself may be what failed.
            log.exception("the failure of a backup could be neither noted nor told: %s", reason)

    afterwards(tell)


def record_check(name: str, *, sound: bool, now: dt.datetime) -> None:
    """Note what a check found."""
    with db.engine.begin() as connection:
        connection.execute(
            sa.update(BackupRun.__table__).where(BackupRun.file == name).values(checked_at=now, sound=sound)
        )


def shown_backups(limit: int | None = _MOST) -> list[ShownBackup]:
    """Return the attempts and the files, newest first; all with no limit."""
    there = {path.name: path for path in list_files(data_folder())}
    latest = sa.select(BackupRun).options(joinedload(BackupRun.requested_by)).order_by(BackupRun.id.desc())
    runs = list(session.scalars(latest.limit(limit)))
    known = set(session.scalars(sa.select(BackupRun.file).where(BackupRun.file.in_(there))))
    shown = [ShownBackup(run.started_at, run.file, run.size, run.file in there, run) for run in runs]
    shown += [
        ShownBackup(time_of(path), name, path.stat().st_size, is_there=True)
        for name, path in there.items()
        if name not in known
    ]
    return sorted(shown, key=lambda one: one.at, reverse=True)[:limit]


def _insert(**values: object) -> None:
    row = {"size": 0, "rows": 0, "files": 0, **values}
    with db.engine.begin() as connection:
        connection.execute(sa.insert(BackupRun.__table__).values(row))
