"""The second wall: row-level security on PostgreSQL. SQLite has none, and promises none."""

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from app.database.base import is_company_table
from app.database.context import active_company
from app.database.isolation import CompanySession
from app.database.late_rows import write_waiting

# set_config(..., true) is SET LOCAL: it ends with the transaction and cannot leak through the pool.
_ANNOUNCE = sa.text("SELECT set_config('app.company_ids', :id, true), set_config('app.company_id', :id, true)")
_ANNOUNCE_ALL = sa.text(
    "SELECT set_config('app.company_ids', (SELECT string_agg(CAST(id AS text), ',') FROM companies_company), true)"
)
_READ = "company_id = ANY (string_to_array(nullif(current_setting('app.company_ids', true), ''), ',')::bigint[])"
_WRITE = "company_id = nullif(current_setting('app.company_id', true), '')::bigint"
_HUMBLE = sa.text(
    "SELECT NOT (rolsuper OR rolbypassrls) AND NOT EXISTS ("
    "SELECT 1 FROM pg_class WHERE relowner = pg_roles.oid AND relname = ANY (:tables)) "
    "FROM pg_roles WHERE rolname = current_user"
)
# What the policies of a table say, as the database itself words it, and the mark that was left beside them.
_MARKS = """
SELECT c.relname, found, obj_description(p.oid, 'pg_policy') AS mark
FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid,
LATERAL (SELECT md5(string_agg(concat_ws(' ', o.polname, o.polcmd, o.polpermissive, o.polroles,
    pg_get_expr(o.polqual, o.polrelid), pg_get_expr(o.polwithcheck, o.polrelid)), ';' ORDER BY o.polname)) AS found
    FROM pg_policy o WHERE o.polrelid = c.oid) AS policies
WHERE p.polname = 'company'"""


def announce_company(connection: Connection) -> None:
    """Tell the database which company this transaction is for."""
    if connection.dialect.name == "postgresql":
        write_waiting(connection)  # Those rows belong to the company before.
        connection.execute(_ANNOUNCE, {"id": str(active_company() or "")})


def read_every_company(connection: Connection) -> None:
    """Let this transaction, beside the session, read the rows of all companies: for who administers the platform."""
    if connection.dialect.name == "postgresql":
        connection.execute(_ANNOUNCE_ALL)


def _on_begin(_session: Session, _transaction: object, connection: Connection) -> None:
    if active_company() is not None:  # Without an announcement the policies show nothing.
        announce_company(connection)


def secure_tables(connection: Connection, metadata: sa.MetaData, app_role: str | None) -> None:
    """Put a policy on every company table that exists, and let the app role in. Repeatable.

    The owner runs this after migrations. `app_role` is the role the web process logs in as; it must
    neither own the tables nor be a superuser, or the database would not hold it to the policies. The owner itself
    is let past them then: it upgrades, archives and restores the rows of all companies.
    A table whose policies are as they should be is left alone, because changing them would lock it.
    """
    if connection.dialect.name != "postgresql":
        return
    existing, secured = set(sa.inspect(connection).get_table_names()), _secured(connection, app_role)
    for table in metadata.tables.values():
        if is_company_table(table) and table.name in existing - secured:
            _secure(connection, table.name, app_role)
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


def _secured(connection: Connection, app_role: str | None) -> set[str]:
    """Return the tables whose policies are those that `_secure` made last, by the mark it left."""
    rows = connection.execute(sa.text(f"{_MARKS} AND c.relrowsecurity AND c.relforcerowsecurity")).all()
    return {name for name, found, mark in rows if mark == f"{_kind(app_role)} {found}"}


def _secure(connection: Connection, table: str, app_role: str | None) -> None:
    quoted = connection.dialect.identifier_preparer.quote(table)
    statements = [
        f"ALTER TABLE {quoted} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {quoted} FORCE ROW LEVEL SECURITY",
        f"DROP POLICY IF EXISTS company ON {quoted}",
        f"CREATE POLICY company ON {quoted} USING ({_READ}) WITH CHECK ({_WRITE})",
        f"DROP POLICY IF EXISTS owner ON {quoted}",
    ]
    if app_role:
        statements.append(f"CREATE POLICY owner ON {quoted} TO CURRENT_USER USING (true) WITH CHECK (true)")
    for statement in statements:
        connection.execute(sa.text(statement))
    found = connection.execute(sa.text(f"{_MARKS} AND c.relname = :table"), {"table": table}).one().found
    connection.execute(sa.text(f"COMMENT ON POLICY company ON {quoted} IS '{_kind(app_role)} {found}'"))


def _kind(app_role: str | None) -> str:
    return "1" if app_role is None else "2"  # Raise both when the policies change.


event.listen(CompanySession, "after_begin", _on_begin)
