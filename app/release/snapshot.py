"""Reading a whole database as it stood at one instant, whatever is written meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from app.addon_loader.installation import PLATFORM, revisions
from app.addon_loader.manifest import PLATFORM_VERSION
from app.companies.models import InstalledAddon
from app.database.row_security import read_every_company
from app.errors import ConfigurationError


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that only reads, sees the rows of every company, and sees no later change.

    Raises ConfigurationError for an empty database.
    """
    if PLATFORM not in revisions(engine):
        raise ConfigurationError("the database is empty: there is nothing to read")
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with connection.begin():  # On SQLite the first statement takes the picture.
            read_every_company(connection)
            yield connection


def versions_in(connection: Connection) -> dict[str, str]:
    """Return the versions of the platform and of the installed add-ons."""
    rows = connection.execute(sa.select(InstalledAddon.addon, InstalledAddon.version).order_by(InstalledAddon.addon))
    return {PLATFORM: PLATFORM_VERSION, **{row.addon: row.version for row in rows}}
