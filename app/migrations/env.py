"""The one Alembic environment: it sees only the tables of the owner it was called for."""

from typing import Any

import sqlalchemy as sa
from alembic import context

from app.database.session import db
from app.database.sqlite import set_foreign_keys

settings = context.config.attributes
connection: sa.Connection = settings["connection"]
is_sqlite = connection.dialect.name == "sqlite"


def is_own_table(name: str | None) -> bool:
    """Tell whether this owner may touch the table; never a version table."""
    return name is not None and not name.startswith("alembic_version") and settings["is_own"](name)


def include_name(name: str | None, kind: str, _parents: Any) -> bool:
    """Filter what is read from the database, before it is read."""
    return kind != "table" or is_own_table(name)


def include_object(_item: Any, name: str | None, kind: str, _reflected: bool, _compare_to: Any) -> bool:
    """Filter what is read from the models."""
    return kind != "table" or is_own_table(name)


def migrate() -> None:
    """Run the migrations."""
    context.configure(
        connection=connection,
        target_metadata=db.Model.metadata,
        version_table=settings["version_table"],
        include_name=include_name,
        include_object=include_object,
        render_as_batch=True,
        compare_type=True,
        transactional_ddl=True,  # On SQLite too, because app.database.sqlite begins its transactions itself.
    )
    with context.begin_transaction():
        context.run_migrations()
        if is_sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()):
            raise RuntimeError(f"the migration leaves rows that point nowhere: {broken[:3]}")


def migrate_sqlite() -> None:
    """Run the migrations with foreign keys off: a batch re-creation with them on would delete the children."""
    set_foreign_keys(connection, on=False)
    try:
        migrate()
    finally:
        connection.rollback()  # Foreign keys can be switched outside of a transaction only.
        set_foreign_keys(connection, on=True)


if is_sqlite and not connection.in_transaction():  # Whoever opened one has switched them off before.
    migrate_sqlite()
else:
    migrate()
