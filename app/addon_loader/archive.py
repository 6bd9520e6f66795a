"""One zip file with rows as lines of JSON, stored files, the revisions they fit, and checksums.

It holds an add-on that was taken out, or the backup of a whole installation. Either holds personal data: the folder
and the files are closed to other users of the machine.
"""

import datetime as dt
import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Generic, Self, TypeVar

from app.addon_loader.rows import Digest, Row
from app.errors import ConfigurationError

FORMAT = 2
CONTENTS = "archive.json"
_CHUNK = 1 << 20
_TOLD_EVERY = 10
_DAMAGE = (KeyError, zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError)


@dataclass(frozen=True)
class ArchivedTable:
    """One table in an archive.

    `own` tables are the archived add-on's, the others the platform's; a backup makes no difference. `last_id` is the
    highest id that the table has given away.
    """

    name: str
    own: bool
    columns: list[str]
    rows: int
    sha256: str
    last_id: int = 0


@dataclass(frozen=True)
class ArchivedFile:
    """One file in an archive, by its path below the data folder."""

    path: str
    sha256: str


@dataclass(kw_only=True)
class Contents:
    """What any archive says about itself."""

    KIND: ClassVar[str]

    database: str  # postgresql or sqlite: where it was made; the wording of the rows is the same.
    made_at: str
    kind: str = ""
    format: int = FORMAT
    tables: list[ArchivedTable] = field(default_factory=list)
    files: list[ArchivedFile] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.kind = self.kind or self.KIND

    @property
    def made(self) -> dt.datetime:
        """When it was made."""
        return dt.datetime.fromisoformat(self.made_at)

    def every_table(self) -> list[ArchivedTable]:
        """Return all that is written as lines."""
        return self.tables

    @property
    def rows(self) -> int:
        """How many rows there are in all."""
        return sum(table.rows for table in self.tables)


@dataclass(kw_only=True)
class AddonContents(Contents):
    """What the archive of an add-on says about itself."""

    KIND: ClassVar[str] = "an archive of an add-on"

    addon: str
    title: str
    version: str
    revision: str
    pointers: list[ArchivedTable] = field(default_factory=list)  # What columns of other add-ons pointed at, by id.

    def every_table(self) -> list[ArchivedTable]:
        """Return all that is written as lines."""
        return [*self.tables, *self.pointers]


@dataclass(kw_only=True)
class BackupContents(Contents):
    """What a backup says about itself: versions and revisions by owner, and which key its personal values need."""

    KIND: ClassVar[str] = "a backup"

    versions: dict[str, str]
    revisions: dict[str, str]
    key_id: str


AnyContents = TypeVar("AnyContents", bound=Contents)


class ArchiveWriter:
    """Writes an archive as a stream, under its name only when it is whole."""

    def __init__(self, path: Path, contents: Contents) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path, self.contents = path, contents
        self._part = path.with_suffix(".part")
        self._part.unlink(missing_ok=True)
        self._part.touch(mode=0o600)
        self._zip = zipfile.ZipFile(self._part, "w", zipfile.ZIP_DEFLATED)

    def add_table(self, name: str, columns: Iterable[str], rows: Iterable[Row], *, own: bool, last_id: int = 0) -> None:
        """Write the rows of one table."""
        self.contents.tables.append(self.write(name, columns, rows, own=own, last_id=last_id))

    def write(
        self, name: str, columns: Iterable[str], rows: Iterable[Row], *, own: bool, last_id: int = 0
    ) -> ArchivedTable:
        """Write rows under a name, and return what the contents say of them."""
        digest = Digest()
        with self._zip.open(_member(name), "w", force_zip64=True) as member:
            for row in rows:
                member.write(digest.line(row))
        return ArchivedTable(name, own, list(columns), digest.rows, digest.sha256, last_id)

    def add_file(self, folder: Path, path: str) -> None:
        """Write one file of the data folder, as it is: most of them are compressed already."""
        digest, entry = hashlib.sha256(), zipfile.ZipInfo(f"files/{path}")
        with (folder / path).open("rb") as source, self._zip.open(entry, "w", force_zip64=True) as member:
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
        with ArchiveReader(self._part, type(self.contents)) as archive:
            archive.verify()
        self._part.replace(self.path)
        _sync_folder(self.path.parent)

    def discard(self) -> None:
        """Leave nothing of an archive that did not become whole."""
        self._zip.close()
        self._part.unlink(missing_ok=True)


class ArchiveReader(Generic[AnyContents]):
    """Reads an archive as a stream. Raises ConfigurationError, with the file's name, for one that is damaged."""

    def __init__(self, path: Path, kind: type[AnyContents]) -> None:
        self.path = path
        try:
            self._zip = zipfile.ZipFile(path)
            self.contents = _contents(json.loads(self._zip.read(CONTENTS)), kind)
        except (*_DAMAGE, TypeError) as error:
            raise ConfigurationError(f"{path.name}: this is not {kind.KIND}, or it is damaged") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._zip.close()

    def verify(self, progress: Callable[[int, int, str], None] | None = None) -> None:
        """Compare every checksum and number of rows; raises ConfigurationError naming what differs.

        `progress(done, total, member)` is told how far it is.
        """
        expected: dict[str, tuple[str, int | None]] = {
            _member(table.name): (table.sha256, table.rows) for table in self.contents.every_table()
        }
        expected |= {f"files/{file.path}": (file.sha256, None) for file in self.contents.files}
        for number, (member, (checksum, rows)) in enumerate(expected.items()):
            if progress is not None and number % _TOLD_EVERY == 0:
                progress(number, len(expected), member)
            found, lines = self._digest(member)
            if found != checksum or rows not in (None, lines):
                raise ConfigurationError(f"{self.path.name}: the checksum of {member} differs; it was changed")

    def _digest(self, member: str) -> tuple[str, int]:
        digest, lines = hashlib.sha256(), 0
        try:
            with self._zip.open(member) as source:
                while chunk := source.read(_CHUNK):
                    digest.update(chunk)
                    lines += chunk.count(b"\n")
        except _DAMAGE as error:
            raise ConfigurationError(f"{self.path.name}: {member} is missing or damaged") from error
        return digest.hexdigest(), lines

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
                target.chmod(0o600)
                while chunk := source.read(_CHUNK):
                    file.write(chunk)


def archives_folder(data_folder: Path) -> Path:
    """Return where archives lie."""
    return data_folder / "archives"


def archive_path(data_folder: Path, addon: str, version: str, now: dt.datetime) -> Path:
    """Return the file for an archive made now: its name sorts by add-on and time."""
    return archives_folder(data_folder) / f"{addon}-{now:%Y%m%dT%H%M%S%f}-{version}.zip"


def list_archives(data_folder: Path, addon: str | None = None) -> list[tuple[Path, AddonContents]]:
    """Return the archives that can be read, newest first."""
    found = []
    for path in archives_folder(data_folder).glob("*.zip"):
        try:
            with ArchiveReader(path, AddonContents) as archive:
                found.append((path, archive.contents))
        except ConfigurationError:
            continue
    wanted = [one for one in found if addon in (None, one[1].addon)]
    return sorted(wanted, key=lambda one: one[1].made_at, reverse=True)


def _contents(data: dict[str, Any], kind: type[AnyContents]) -> AnyContents:
    if (data.get("format"), data.get("kind")) != (FORMAT, kind.KIND):
        raise ValueError(data.get("format"))
    for name in {"tables", "pointers"} & data.keys():
        data[name] = [ArchivedTable(**table) for table in data[name]]
    return kind(**{**data, "files": [ArchivedFile(**file) for file in data["files"]]})


def _sync_folder(folder: Path) -> None:
    """Have the new name survive a loss of power, where folders can be synced at all."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _member(table: str) -> str:
    return f"tables/{table}.jsonl"
