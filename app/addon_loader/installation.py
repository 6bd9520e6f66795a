"""Which add-ons are installed, and at which revision. Every process asks at its start, so Alembic stays out."""

import logging
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from app.addon_loader.manifest import PLATFORM_PREFIXES, Manifest
from app.errors import ConfigurationError

PLATFORM = "platform"
MIGRATIONS = Path(__file__).parents[1] / "migrations"
Manifests = Mapping[str, Manifest]

log = logging.getLogger(__name__)
_VERSION_TABLE = "alembic_version_"
_REVISION = re.compile(r"^revision\b[^=\n]*=\s*(.+)$", re.MULTILINE)
_DOWN_REVISION = re.compile(r"^down_revision\b[^=\n]*=\s*(.+)$", re.MULTILINE)
_QUOTED = re.compile(r"[\"']([^\"']+)[\"']")


def version_table(owner: str) -> str:
    """Return the table that holds the revision of this owner."""
    return f"{_VERSION_TABLE}{owner}"


def versions_folder(owner: str, manifests: Manifests) -> Path:
    """Return where the migrations of this owner are."""
    return (MIGRATIONS if owner == PLATFORM else manifests[owner].path / "migrations") / "versions"


def owner_of(table: str, addons: Iterable[str]) -> str | None:
    """Return who owns a table: the longest name it starts with ('hr' and 'hr_attendance')."""
    names = [name for name in (*PLATFORM_PREFIXES, *addons) if table.startswith(f"{name}_")]
    longest = max(names, key=len, default=None)
    return PLATFORM if longest in PLATFORM_PREFIXES else longest


def owners_of(tables: Iterable[str]) -> list[str]:
    """Return whose tables these are: the platform and the installed add-ons, each of which keeps its revision."""
    return [name.removeprefix(_VERSION_TABLE) for name in tables if name.startswith(_VERSION_TABLE)]


def revisions(engine: Engine) -> dict[str, str]:
    """Return the revision that the tables of each owner are at; nothing for an empty database."""
    with engine.connect() as connection:
        tables = [name for name in sa.inspect(connection).get_table_names() if name.startswith(_VERSION_TABLE)]
        if not tables:
            return {}
        rows = connection.execute(sa.union_all(*(_revision_in(name) for name in tables)))
        return {row.owner: row.version_num for row in rows}


def installed(engine: Engine, manifests: Manifests) -> list[str]:
    """Return the add-ons whose tables exist, dependencies first."""
    there = revisions(engine)
    return [name for name in manifests if name in there]


def without_files(there: Iterable[str], manifests: Manifests) -> list[str]:
    """Return the add-ons whose tables exist, and whose files are gone."""
    return sorted(set(there) - set(manifests) - {PLATFORM})


def check_revisions(there: Mapping[str, str], manifests: Manifests) -> None:
    """Raise ConfigurationError where the tables are older or newer than the code, saying what to do.

    An empty database is let through, because the first release is still to come. An add-on without files is only
    logged: nobody can reach its tables, and they are kept.
    """
    if PLATFORM not in there:
        log.warning("The database is empty: run `flask release`")
        return
    for name in without_files(there, manifests):
        log.warning(
            "The add-on %r is installed, but its files are missing from addons/ and ADDONS_PATH. Nobody can use it "
            "until they are back; its data is kept",
            name,
        )
    refuse_newer(there, manifests)
    for owner in _owners(there, manifests):
        _known, heads = _history(versions_folder(owner, manifests))
        if there[owner] not in heads:
            raise ConfigurationError(
                f"database: {owner} is at {there[owner]!r}, and this code needs {', '.join(sorted(heads))}: "
                "run `flask release`"
            )


def refuse_newer(there: Mapping[str, str], manifests: Manifests) -> None:
    """Raise ConfigurationError where the tables are at a revision that the code does not know."""
    for owner in _owners(there, manifests):
        known, _heads = _history(versions_folder(owner, manifests))
        if there[owner] not in known:
            raise ConfigurationError(
                f"database: {owner} is at {there[owner]!r}, which this code does not know, because it is older: "
                "start the newer code, or restore a backup from before its release"
            )


def _owners(there: Iterable[str], manifests: Manifests) -> list[str]:
    return [owner for owner in (PLATFORM, *manifests) if owner in there]


def _revision_in(table: str) -> sa.Select[str, str]:
    owner = sa.literal(table.removeprefix(_VERSION_TABLE)).label("owner")
    return sa.select(owner, sa.column("version_num", sa.String)).select_from(sa.table(table))


def _history(folder: Path) -> tuple[set[str], set[str]]:
    """Return all revisions of a folder, and those that none follows."""
    known: set[str] = set()
    followed: set[str] = set()
    for file in folder.glob("*.py"):
        text = file.read_text(encoding="utf-8")
        for pattern, found in ((_REVISION, known), (_DOWN_REVISION, followed)):
            if match := pattern.search(text):
                found.update(_QUOTED.findall(match.group(1)))
    return known, known - followed
