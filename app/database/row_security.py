"""The second wall: row-level security on PostgreSQL. SQLite has none, and promises none."""

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from app.database.base import is_company_table
from app.database.context import active_company
from app.database.isolation import CompanySession

# set_config(..., true) is SET LOCAL: it ends with the transaction and cannot leak through the pool.
_ANNOUNCE = sa.text("SELECT set_config('app.company_ids', :id, true), set_config('app.company_id', :id, true)")
_READ = "company_id = ANY (string_to_array(nullif(current_setting('app.company_ids', true), ''), ',')::bigint[])"
_WRITE = "company_id = nullif(current_setting('app.company_id', true), '')::bigint"
_HUMBLE = sa.text(
    "SELECT NOT (rolsuper OR rolbypassrls) AND NOT EXISTS ("
    "SELECT 1 FROM pg_class WHERE relowner = pg_roles.oid AND relname = ANY (:tables)) "
    "FROM pg_roles WHERE rolname = current_user"
)


def announce_company(connection: Connection) -> None:
    """Tell the database which company this transaction is for."""
    if connection.dialect.name == "postgresql":
        connection.execute(_ANNOUNCE, {"id": str(active_company() or "")})


def _on_begin(_session: Session, _transaction: object, connection: Connection) -> None:
    announce_company(connection)


def secure_tables(connection: Connection, metadata: sa.MetaData, app_role: str | None) -> None:
    """Put a policy on every company table that exists, and let the app role in. Repeatable.

    The owner runs this after migrations. `app_role` is the role the web process logs in as; it must
    neither own the tables nor be a superuser, or the database would not hold it to the policies.
    """
    if connection.dialect.name != "postgresql":
        return
    existing = set(sa.inspect(connection).get_table_names())
    for table in metadata.tables.values():
        if is_company_table(table) and table.name in existing:
            _secure(connection, table.name)
    if app_role:
        quoted = connection.dialect.identifier_preparer.quote(app_role)
        for statement in (
            f"GRANT USAGE ON SCHEMA public TO {quoted}",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {quoted}",
            f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {quoted}",
        ):
            connection.execute(sa.text(statement))


def is_held_by_policies(connection: Connection, metadata: sa.MetaData) -> bool:
    """Tell whether the policies bind this log-in: on PostgreSQL, without special rights, owner of no company table."""
    if connection.dialect.name != "postgresql":
        return False
    tables = [table.name for table in metadata.tables.values() if is_company_table(table)]
    return bool(connection.scalar(_HUMBLE, {"tables": tables}))


def _secure(connection: Connection, table: str) -> None:
    quoted = connection.dialect.identifier_preparer.quote(table)
    for statement in (
        f"ALTER TABLE {quoted} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {quoted} FORCE ROW LEVEL SECURITY",
        f"DROP POLICY IF EXISTS company ON {quoted}",
        f"CREATE POLICY company ON {quoted} USING ({_READ}) WITH CHECK ({_WRITE})",
    ):
        connection.execute(sa.text(statement))


event.listen(CompanySession, "after_begin", _on_begin)
