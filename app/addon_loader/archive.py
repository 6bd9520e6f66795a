"""The archive of an add-on: one zip file with its rows as lines of JSON, the revision they fit, and checksums.

It holds personal data: the folder and the files are closed to other users of the machine.
"""

import datetime as dt
import hashlib
import json
import os
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from app.addon_loader.rows import Row
from app.errors import ConfigurationError

FORMAT = 1
CONTENTS = "archive.json"
_CHUNK = 1 << 20


@dataclass(frozen=True)
class ArchivedTable:
    """One table in an archive; `own` tables are the add-on's, the others the platform's."""

    name: str
    own: bool
    columns: list[str]
    rows: int
    sha256: str


@dataclass(frozen=True)
class ArchivedFile:
    """One file in an archive, by its path below the data folder."""

    path: str
    sha256: str


@dataclass
class Contents:
    """What an archive says about itself."""

    addon: str
    title: str
    version: str
    revision: str
    database: str  # postgresql or sqlite: rows are written in its words.
    made_at: str
    format: int = FORMAT
    tables: list[ArchivedTable] = field(default_factory=list)
    files: list[ArchivedFile] = field(default_factory=list)

    @property
    def made(self) -> dt.datetime:
        """When it was made."""
        return dt.datetime.fromisoformat(self.made_at)

    @property
    def rows(self) -> int:
        """How many rows there are in all."""
        return sum(table.rows for table in self.tables)


class ArchiveWriter:
    """Writes an archive as a stream, under its name only when it is whole."""

    def __init__(self, path: Path, contents: Contents) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path, self.contents = path, contents
        self._part = path.with_suffix(".part")
        self._part.unlink(missing_ok=True)
        self._part.touch(mode=0o600)
        self._zip = zipfile.ZipFile(self._part, "w", zipfile.ZIP_DEFLATED)

    def add_table(self, name: str, columns: Iterable[str], rows: Iterable[Row], *, own: bool) -> None:
        """Write the rows of one table."""
        digest, count = hashlib.sha256(), 0
        with self._zip.open(_member(name), "w", force_zip64=True) as member:
            for row in rows:
                line = json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
                digest.update(line)
                member.write(line)
                count += 1
        self.contents.tables.append(ArchivedTable(name, own, list(columns), count, digest.hexdigest()))

    def add_file(self, folder: Path, path: str) -> None:
        """Write one file of the data folder."""
        digest = hashlib.sha256()
        with (folder / path).open("rb") as source, self._zip.open(f"files/{path}", "w", force_zip64=True) as member:
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
                member.write(chunk)
        self.contents.files.append(ArchivedFile(path, digest.hexdigest()))

    def close(self) -> None:
        """Write the contents, see that everything can be read back, and give the file its name."""
        self._zip.writestr(CONTENTS, json.dumps(asdict(self.contents), indent=1, ensure_ascii=False))
        self._zip.close()
        with self._part.open("rb") as file:
            os.fsync(file.fileno())
        with ArchiveReader(self._part) as archive:
            archive.verify()
        self._part.replace(self.path)

    def discard(self) -> None:
        """Leave nothing of an archive that did not become whole."""
        self._zip.close()
        self._part.unlink(missing_ok=True)


class ArchiveReader:
    """Reads an archive as a stream. Raises ConfigurationError, with the file's name, for one that is damaged."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._zip = zipfile.ZipFile(path)
            self.contents = _contents(json.loads(self._zip.read(CONTENTS)))
        except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
            raise ConfigurationError(f"{path.name}: this is no archive of an add-on, or it is damaged") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._zip.close()

    def verify(self) -> None:
        """Compare every checksum; raises ConfigurationError naming what differs."""
        expected = {_member(table.name): table.sha256 for table in self.contents.tables}
        expected |= {f"files/{file.path}": file.sha256 for file in self.contents.files}
        for member, checksum in expected.items():
            digest = hashlib.sha256()
            try:
                with self._zip.open(member) as source:
                    while chunk := source.read(_CHUNK):
                        digest.update(chunk)
            except (KeyError, zipfile.BadZipFile, EOFError, OSError) as error:
                raise ConfigurationError(f"{self.path.name}: {member} is missing or damaged") from error
            if digest.hexdigest() != checksum:
                raise ConfigurationError(f"{self.path.name}: the checksum of {member} differs; it was changed")

    def rows(self, table: str) -> Iterator[Row]:
        """Yield the rows of one table."""
        with self._zip.open(_member(table)) as source:
            for line in source:
                yield json.loads(line)

    def put_file(self, folder: Path, path: str) -> None:
        """Put one file back into the data folder, unless it is there."""
        target = (folder / path).resolve()
        if not target.is_relative_to(folder.resolve()):
            raise ConfigurationError(f"{self.path.name}: {path!r} lies outside of the data folder")
        if not target.exists():
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self._zip.open(f"files/{path}") as source, target.open("xb") as file:
                while chunk := source.read(_CHUNK):
                    file.write(chunk)


def archives_folder(data_folder: Path) -> Path:
    """Return where archives lie."""
    return data_folder / "archives"


def archive_path(data_folder: Path, addon: str, version: str, now: dt.datetime) -> Path:
    """Return the file for an archive made now: its name sorts by add-on and time."""
    return archives_folder(data_folder) / f"{addon}-{now:%Y%m%dT%H%M%S%f}-{version}.zip"


def list_archives(data_folder: Path, addon: str | None = None) -> list[tuple[Path, Contents]]:
    """Return the archives that can be read, newest first."""
    found = []
    for path in archives_folder(data_folder).glob("*.zip"):
        try:
            with ArchiveReader(path) as archive:
                found.append((path, archive.contents))
        except ConfigurationError:
            continue
    wanted = [one for one in found if addon in (None, one[1].addon)]
    return sorted(wanted, key=lambda one: one[1].made_at, reverse=True)


def _contents(data: dict[str, Any]) -> Contents:
    if data.get("format") != FORMAT:
        raise ValueError(data.get("format"))
    tables = [ArchivedTable(**table) for table in data.pop("tables")]
    return Contents(**{**data, "tables": tables, "files": [ArchivedFile(**file) for file in data["files"]]})


def _member(table: str) -> str:
    return f"tables/{table}.jsonl"
