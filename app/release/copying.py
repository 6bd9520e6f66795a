"""Copying a whole database into an empty one, from SQLite to PostgreSQL or back."""

from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import SQLAlchemyError

import config
from app.addon_loader.discovery import find_addons
from app.addon_loader.installation import PLATFORM, Manifests, check_revisions, revisions, without_files
from app.addon_loader.migrations import Migrator
from app.addon_loader.rows import Digest, column_types, highest_id, read_rows
from app.database.sqlite import altering_transaction
from app.errors import ConfigurationError
from app.factory import create_app
from app.release.filling import Incoming, fill, refuse_filled, told
from app.release.site import Progress
from app.release.snapshot import snapshot

_DRIVERS = {"postgresql": "postgresql+psycopg", "postgresql+psycopg": "postgresql+psycopg", "sqlite": "sqlite"}


def copy_database(
    source: str, target: str, *, app_role: str | None = None, progress: Progress, **overrides: Any
) -> dict[str, Digest]:
    """Copy every row with its id; return numbers and checksums by table, which source and target then share.

    The target's log-in becomes the owner of its tables; `app_role` is who the web processes will log in as, where that
    is another one. Raises ConfigurationError for an address that cannot be
    reached, a source at another revision than this code, a target with tables, and rows that the target would not keep
    as they are; the target stays empty then. What is written to the source meanwhile is not copied.
    """
    origin, destination = _engine(source, "--from"), _engine(target, "--to")
    manifests = find_addons(config.settings(**overrides)["ADDONS_PATH"])
    try:
        with destination.connect() as connection:
            refuse_filled(connection)
        addons = _installed_in(origin, manifests)
        address = destination.url.render_as_string(hide_password=False)
        app = create_app(addons, **{**overrides, "DATABASE_URL": address, "DATABASE_OWNER_URL": ""})
        with app.app_context(), snapshot(origin) as reading, altering_transaction(destination) as writing:
            refuse_filled(writing)
            return fill(Migrator(destination, manifests, app_role=app_role), writing, _tables_of(reading), progress)
    except SQLAlchemyError as error:
        raise ConfigurationError(f"the database cannot be used: {str(error).splitlines()[0]}") from error
    finally:
        origin.dispose()
        destination.dispose()


def _engine(address: str, option: str) -> Engine:
    try:
        url = make_url(address)
        url = url.set(drivername=_DRIVERS[url.drivername])
    except (SQLAlchemyError, KeyError) as error:
        raise ConfigurationError(
            f"{option}: is an address such as sqlite:////folder/zhanggui.sqlite or postgresql://owner:…@host/database"
        ) from error
    if option == "--from" and url.drivername == "sqlite" and not Path(url.database or "").is_file():
        raise ConfigurationError(f"{option}: there is no file {url.database}")
    return sa.create_engine(url, hide_parameters=True)


def _installed_in(origin: Engine, manifests: Manifests) -> list[str]:
    """Return the add-ons of the source; raises ConfigurationError unless this code can make all of its tables."""
    there = revisions(origin)
    if PLATFORM not in there:
        raise ConfigurationError(f"--from: {told(origin.url)} is empty")
    if missing := without_files(there, manifests):
        raise ConfigurationError(f"--from: bring the files of these add-ons first: {', '.join(missing)}")
    check_revisions(there, manifests)
    return [name for name in there if name != PLATFORM]


def _tables_of(connection: Connection) -> list[Incoming]:
    found = []
    for table in sorted(sa.inspect(connection).get_table_names()):
        columns = list(column_types(connection, table))
        rows = partial(read_rows, connection, table, columns=columns)
        found.append(Incoming(table, columns, rows, highest_id(connection, table)))
    return found
