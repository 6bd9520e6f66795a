"""Which add-ons are installed: those whose tables exist. Every process asks at its start, so Alembic stays out."""

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from app.addon_loader.manifest import Manifest

PLATFORM = "platform"
Manifests = Mapping[str, Manifest]


def version_table(owner: str) -> str:
    """Return the table that holds the revision of this owner."""
    return f"alembic_version_{owner}"


def installed(engine: Engine, manifests: Manifests) -> list[str]:
    """Return the add-ons whose tables exist, dependencies first."""
    with engine.connect() as connection:
        tables = set(sa.inspect(connection).get_table_names())
        return [name for name in manifests if version_table(name) in tables and revision_of(connection, name)]


def revision_of(connection: sa.Connection, owner: str) -> str | None:
    """Return the revision that an owner's tables are at; None where it has none."""
    table = version_table(owner)
    if not sa.inspect(connection).has_table(table):
        return None
    return connection.scalar(sa.select(sa.column("version_num")).select_from(sa.table(table)))
