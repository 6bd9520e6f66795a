"""Files that were sent for an import: kept until they are saved, for a day at most, where only their company looks."""

import datetime as dt
import secrets
from pathlib import Path

from flask import current_app
from werkzeug.datastructures import FileStorage

from app.database.context import active_company
from app.errors import ValidationError
from app.i18n import _

# The files hold personal data, and nobody confirms the check of yesterday: a day at most, until the next clean-up.
CLEAN_UP_EVERY = dt.timedelta(hours=1)
_KEPT = dt.timedelta(days=1) - CLEAN_UP_EVERY


def keep_upload(sent: FileStorage | None, *, resource: str) -> str:
    """Store a file under a name that nobody can guess. Raises ValidationError where none was chosen."""
    if sent is None or not sent.filename:
        raise ValidationError("import.no_file", _("Choose a file first."), field="file")
    folder = _folder(resource)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = _new_name(Path(sent.filename).suffix.lower()[:6])
    sent.save(folder / name)
    return name


def claim_upload(name: str, *, resource: str) -> str:
    """Return a new name of the file. Whoever confirms twice finds the old one gone, so that it is saved once.

    Raises ValidationError for a file that is not there: saved already, too old, or of another company.
    """
    path, claimed = upload_path(name, resource=resource), _new_name(Path(name).suffix)
    try:
        path.rename(path.with_name(claimed))
    except FileNotFoundError as error:
        raise _gone() from error
    return claimed


def upload_path(name: str, *, resource: str) -> Path:
    """Return where a file lies. Raises ValidationError for one that is not there."""
    path = _folder(resource) / Path(name).name
    if not name.isprintable() or not path.is_file():
        raise _gone()
    return path


def delete_upload(name: str, *, resource: str) -> None:
    """Remove a file."""
    (_folder(resource) / Path(name).name).unlink(missing_ok=True)


def delete_old_uploads(now: dt.datetime) -> None:
    """Remove the files of the active company that have been kept long enough."""
    for path in _company_folder().glob("*/*"):
        try:
            if path.stat().st_mtime < (now - _KEPT).timestamp():
                path.unlink()
        except FileNotFoundError:  # It was saved, or claimed under another name, at this moment.
            continue


def _folder(resource: str) -> Path:
    """Return the folder of the active company: a file of another company cannot be named."""
    return _company_folder() / resource


def _company_folder() -> Path:
    return Path(current_app.config["DATA_FOLDER"]) / "uploads" / str(active_company())


def _new_name(suffix: str) -> str:
    return f"{secrets.token_hex(16)}{suffix}"


def _gone() -> ValidationError:
    return ValidationError("import.gone", _("This file is not kept any more. Send it again."), field="file")
