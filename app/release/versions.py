"""Which version of each add-on the tables were brought up by, so that older files are refused (S:CORE-25)."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.addon_loader.installation import Manifests
from app.addon_loader.manifest import numbers
from app.companies.models import InstalledAddon
from app.database.columns import utc_now
from app.database.upsert import update_or_insert
from app.errors import ConfigurationError


def refuse_older_files(connection: Connection, manifests: Manifests) -> None:
    """Raise ConfigurationError where the files of an installed add-on are older than its tables."""
    if not sa.inspect(connection).has_table(InstalledAddon.__tablename__):
        return
    for row in connection.execute(sa.select(InstalledAddon.addon, InstalledAddon.version)):
        manifest = manifests.get(row.addon)
        if manifest is not None and numbers(manifest.version) < numbers(row.version):
            raise ConfigurationError(
                f"{row.addon} {row.version} is installed, and its files are {manifest.version}: there is no way back; "
                "bring the newer files, or restore a backup from before the upgrade"
            )


def record_versions(connection: Connection, manifests: Manifests, names: Iterable[str]) -> None:
    """Write down the versions that the tables are now at."""
    known = {
        row.addon: row.version for row in connection.execute(sa.select(InstalledAddon.addon, InstalledAddon.version))
    }
    for name in names:
        version = manifests[name].version
        if known.get(name) != version:
            values = {"version": version, "upgraded_at": utc_now()}
            update = sa.update(InstalledAddon).where(InstalledAddon.addon == name).values(values)
            update_or_insert(connection, update, sa.insert(InstalledAddon).values(addon=name, **values))
