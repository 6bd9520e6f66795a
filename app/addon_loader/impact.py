"""What uninstalling an add-on would take away, counted before anybody does it."""

from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.addon_loader.installation import Manifests, owner_of, owners_of, version_table
from app.addon_loader.manifest import closure
from app.addon_loader.pointers import pointers_at
from app.addon_loader.rows import count_rows
from app.addon_loader.traces import FILES, AddonNames, selections
from app.companies.models import Company, EnabledAddon


@dataclass
class Impact:
    """The report. `tables` are the add-on's own with their rows, `traces` the platform's with those that name it."""

    addon: str
    tables: dict[str, int] = field(default_factory=dict)
    traces: dict[str, int] = field(default_factory=dict)
    pointers: dict[str, int] = field(default_factory=dict)  # Columns of other add-ons that forget what goes.
    roles: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)  # Below the data folder.
    dependants: list[str] = field(default_factory=list)  # Installed add-ons that need it.
    companies: list[str] = field(default_factory=list)  # Those that have it on.

    @property
    def rows(self) -> int:
        """How many rows of its own go."""
        return sum(self.tables.values())

    @property
    def loosened(self) -> int:
        """How many records of other add-ons stay and forget which document of this one they belong to."""
        return sum(self.pointers.values())

    @property
    def parameters(self) -> int:
        """How many policy values go."""
        return self.traces.get("parameters_value", 0)

    @property
    def is_hindered(self) -> bool:
        """Whether something stands against it."""
        return bool(self.dependants or self.companies)


def own_tables(connection: Connection, addon: str) -> list[str]:
    """Return the tables of an installed add-on, without that of its revision."""
    names = sa.inspect(connection).get_table_names()
    owners = owners_of(names)
    return sorted(name for name in names if owner_of(name, owners) == addon)


def impact_of(connection: Connection, names: AddonNames, manifests: Manifests, folder: Path) -> Impact:
    """Return the report; the connection must see the rows of all companies."""
    inspector = sa.inspect(connection)
    existing = set(inspector.get_table_names())
    found = Impact(names.addon, roles=list(names.roles))
    for table in own_tables(connection, names.addon):
        found.tables[table] = count_rows(connection, table)
    for one in selections(names, existing):
        if count := count_rows(connection, one.table, one.where, one.values):
            found.traces[one.table] = count
    for pointer in pointers_at(connection, names):
        chosen = pointer.selection
        if count := count_rows(connection, chosen.table, chosen.where, chosen.values):
            found.pointers[pointer.name] = count
    found.files = files_of(connection, names, folder)
    found.dependants = [
        name for name in manifests if version_table(name) in existing and names.addon in closure(manifests, name)
    ]
    on = sa.select(Company.name).join(EnabledAddon, EnabledAddon.company_id == Company.id)
    statement = on.where(EnabledAddon.addon == names.addon).order_by(Company.name)
    found.companies = list(connection.scalars(statement))
    return found


def files_of(connection: Connection, names: AddonNames, folder: Path) -> list[str]:
    """Return the files that the add-on's rows in the platform's tables name and that exist, below the data folder."""
    found = set()
    for one in selections(names, sa.inspect(connection).get_table_names()):
        for named, place in FILES.items():
            table, _dot, column = named.partition(".")
            if table == one.table:
                statement: sa.Select[int, str | None] = sa.select(
                    sa.column("company_id", sa.Integer), sa.column(column, sa.String)
                ).select_from(sa.table(table))
                rows = connection.execute(statement.where(sa.text(one.where)), one.values)
                found |= {place.format(company_id=company, start=name[:2], name=name) for company, name in rows if name}
    return sorted(path for path in found if (folder / path).is_file())
