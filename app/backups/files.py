"""Where backups lie: in a folder of the data folder that only this system's user may enter, one file each."""

import datetime as dt
import re
from pathlib import Path

from app.errors import NotFound
from app.i18n import _

_NAME = re.compile(r"backup-\d{8}T\d{12}\.zip")


def backups_folder(data_folder: Path) -> Path:
    """Return where backups lie."""
    return data_folder / "backups"


def backup_path(data_folder: Path, now: dt.datetime) -> Path:
    """Return the file for a backup made now: names sort by time."""
    return backups_folder(data_folder) / f"backup-{now.astimezone(dt.UTC):%Y%m%dT%H%M%S%f}.zip"


def list_files(data_folder: Path) -> list[Path]:
    """Return the backups that there are, newest first; none of them is unfinished."""
    found = [path for path in backups_folder(data_folder).glob("*.zip") if _NAME.fullmatch(path.name)]
    return sorted(found, key=lambda path: path.name, reverse=True)


def find_backup(data_folder: Path, name: str) -> Path:
    """Return a backup by its name. Raises NotFound for one that is not there, and for any other file."""
    path = backups_folder(data_folder) / name
    if not _NAME.fullmatch(name) or not path.is_file():
        raise NotFound("backup.missing", _("There is no such backup."))
    return path


def delete_unfinished(data_folder: Path) -> None:
    """Remove what a process that was stopped left half done; whoever calls it knows that no other one is at work."""
    for path in backups_folder(data_folder).glob("*.part"):
        path.unlink(missing_ok=True)


def prune(data_folder: Path, keep: int) -> list[Path]:
    """Delete all but the newest, and return what was deleted."""
    gone = list_files(data_folder)[keep:]
    for path in gone:
        path.unlink(missing_ok=True)
    return gone


def time_of(path: Path) -> dt.datetime:
    """Return when a backup was begun, by its name."""
    return dt.datetime.strptime(path.stem, "backup-%Y%m%dT%H%M%S%f").replace(tzinfo=dt.UTC)
