"""Where attached files lie: in a folder of their company below the data folder, under random names."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from flask import current_app

from app.database.context import active_company

_CHUNK = 1 << 16
_GRACE = dt.timedelta(days=1)  # A file is written before the row that names it is committed.


class TooLarge(Exception):
    """The stream is longer than allowed; nothing is kept of it."""


@dataclass(frozen=True)
class StoredFile:
    """What was written."""

    name: str
    size: int
    sha256: str


def store(stream: IO[bytes], *, limit: int) -> StoredFile:
    """Write a stream of at most `limit` bytes under a new name. Raises TooLarge, and then keeps nothing."""
    name = secrets.token_hex(16)
    path = stored_path(name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("xb") as file:
            path.chmod(0o600)
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                if size > limit:
                    raise TooLarge
                digest.update(chunk)
                file.write(chunk)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return StoredFile(name, size, digest.hexdigest())


def stored_path(name: str, *, company_id: int | None = None) -> Path:
    """Return where a file of a company, by default the active one, lies."""
    return _folder(company_id if company_id is not None else active_company()) / name[:2] / Path(name).name


def delete_stored(name: str, *, company_id: int) -> None:
    """Remove a file."""
    stored_path(name, company_id=company_id).unlink(missing_ok=True)


def delete_unnamed(names: Collection[str], *, now: dt.datetime) -> None:
    """Remove the active company's files that no row names: what was rolled back, or went with its record."""
    for path in _folder(active_company()).glob("*/*"):
        if path.name not in names and path.stat().st_mtime < (now - _GRACE).timestamp():
            path.unlink(missing_ok=True)


def _folder(company_id: int | None) -> Path:
    return Path(current_app.config["DATA_FOLDER"]) / "attachments" / str(company_id)
