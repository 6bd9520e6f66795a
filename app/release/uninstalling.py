"""Taking an add-on out: what it would take away is archived first, then its tables and its traces go together."""

import logging
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError

from app.addon_loader.archive import AddonContents, ArchiveWriter, archive_path
from app.addon_loader.contributions import AddonSetup
from app.addon_loader.impact import Impact, impact_of
from app.addon_loader.installation import revisions, version_table, without_files
from app.addon_loader.pointers import Pointer, blank, pointers_at
from app.addon_loader.rows import column_types, highest_id, read_rows
from app.addon_loader.traces import AddonNames, names_of, selections
from app.companies.code_version import announce_code_change
from app.companies.enablement import hold_switches
from app.companies.snapshot import raise_number
from app.database.columns import utc_now
from app.database.sqlite import altering_transaction
from app.errors import ConfigurationError, Conflict
from app.factory import create_app
from app.i18n import _
from app.release.lock import one_at_a_time
from app.release.site import Site, site
from app.security.permissions import CACHE as PERMISSIONS

log = logging.getLogger(__name__)
_PATIENCE = 60.0  # Seconds that the tables it points at may be in use.


def uninstall(name: str, **overrides: Any) -> Path:
    """Archive an add-on, drop its tables and remove what it left in the platform's; return the archive.

    Raises Conflict while a company has it on or an installed add-on needs it, and ConfigurationError for one that is
    not installed.
    """
    with site(**overrides) as here, one_at_a_time(here.engine, here.settings):
        return take_out(here, name)


def preview(name: str, **overrides: Any) -> Impact:
    """Return what uninstalling would take away; raises ConfigurationError for an add-on that is not installed."""
    with site(**overrides) as here:
        here.require_owner()
        app = create_app(**overrides)
        with app.app_context(), here.engine.connect() as connection:
            return impact_of(connection, names_of(_setup(app, name)), here.manifests, here.folder)


def take_out(here: Site, name: str) -> Path:
    """Do what uninstalling does; whoever calls it holds the lock."""
    here.require_owner()
    if name in without_files(revisions(here.engine), here.manifests):
        raise ConfigurationError(f"{name}: its files are missing; bring its folder back, to be able to take it out")
    app = create_app(**here.overrides)
    names = names_of(_setup(app, name))
    with app.app_context(), altering_transaction(here.engine) as connection:
        hold_switches(connection)
        impact = impact_of(connection, names, here.manifests, here.folder)
        refuse_hindered(impact)
        pointers = [one for one in pointers_at(connection, names) if one.name in impact.pointers]
        path = _write_archive(here, connection, names, impact, pointers)
        for pointer in pointers:
            blank(connection, pointer)
        _lock_neighbours(connection, list(impact.tables))
        here.migrator.move(connection, name, "base")
        _remove_traces(connection, names)
    for file in impact.files:
        (here.folder / file).unlink(missing_ok=True)
    log.warning("The add-on %r was uninstalled; its archive is %s", name, path)
    return path


def refuse_hindered(impact: Impact) -> None:
    """Raise Conflict while a company has the add-on on or another add-on needs it."""
    if impact.companies:
        raise Conflict(
            "addon.in_use",
            _("%(companies)s still has %(addon)s on. Switch it off there first."),
            addon=impact.addon,
            companies=", ".join(impact.companies),
        )
    if impact.dependants:
        raise Conflict(
            "addon.needed",
            _("%(needed_by)s needs %(addon)s. Uninstall it first."),
            addon=impact.addon,
            needed_by=", ".join(impact.dependants),
        )


def _setup(app: Flask, name: str) -> AddonSetup:
    setups: list[AddonSetup] = app.extensions["setups"]
    found = next((one for one in setups if one.name == name), None)
    if found is None:
        raise ConfigurationError(f"{name!r} is not installed")
    return found


def _write_archive(
    here: Site, connection: Connection, names: AddonNames, impact: Impact, pointers: Sequence[Pointer]
) -> Path:
    manifest, now = here.manifests[names.addon], utc_now()
    revision = connection.scalar(sa.select(sa.column("version_num")).select_from(sa.table(version_table(names.addon))))
    contents = AddonContents(
        addon=names.addon,
        title=manifest.title,
        version=manifest.version,
        revision=str(revision),
        database=connection.dialect.name,
        made_at=now.isoformat(timespec="seconds"),
    )
    writer = ArchiveWriter(archive_path(here.folder, names.addon, manifest.version, now), contents)
    try:
        _write_tables(here, connection, writer, names, impact)
        for pointer in pointers:
            chosen, columns = pointer.selection, ["id", pointer.column]
            rows = read_rows(connection, chosen.table, chosen.where, chosen.values, columns=columns)
            contents.pointers.append(writer.write(pointer.name, columns, rows, own=False))
        for file in impact.files:
            writer.add_file(here.folder, file)
        writer.close()
    except BaseException:
        writer.discard()
        raise
    return writer.path


def _write_tables(here: Site, connection: Connection, writer: ArchiveWriter, names: AddonNames, impact: Impact) -> None:
    total = len(impact.traces) + len(impact.tables)
    for one in selections(names, impact.traces):
        here.progress(len(writer.contents.tables), total, one.table)
        rows = read_rows(connection, one.table, one.where, one.values)
        writer.add_table(one.table, column_types(connection, one.table), rows, own=False)
    for table in impact.tables:
        here.progress(len(writer.contents.tables), total, table)
        columns, last_id = column_types(connection, table), highest_id(connection, table)
        writer.add_table(table, columns, read_rows(connection, table), own=True, last_id=last_id)


def _remove_traces(connection: Connection, names: AddonNames) -> None:
    """Delete the rows of the platform's that name the add-on, those that point at others first."""
    connection.execute(sa.text(f"DROP TABLE {version_table(names.addon)}"))
    for one in reversed(selections(names, sa.inspect(connection).get_table_names())):
        connection.execute(sa.delete(sa.table(one.table)).where(sa.text(one.where)), one.values)
    raise_number(connection, PERMISSIONS)
    announce_code_change(connection)


def _lock_neighbours(connection: Connection, tables: list[str]) -> None:
    """Take at once all that dropping the tables will lock, or nothing: requests under way never wait crosswise."""
    if connection.dialect.name != "postgresql":
        return
    statement = sa.text(
        "SELECT DISTINCT CAST(CAST(confrelid AS regclass) AS text) FROM pg_constraint WHERE contype = 'f' "
        "AND conrelid = ANY (SELECT oid FROM pg_class WHERE relname = ANY (:tables))"
    )
    wanted = sorted({*tables, *connection.scalars(statement, {"tables": tables})})
    until = time.monotonic() + _PATIENCE
    while wanted:
        try:
            with connection.begin_nested():
                connection.execute(sa.text(f"LOCK TABLE {', '.join(wanted)} IN ACCESS EXCLUSIVE MODE NOWAIT"))
        except OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return
