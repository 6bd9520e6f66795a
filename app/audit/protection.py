"""Making the database itself refuse changes of the log."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.audit.models import AccessEntry, AuditEntry, AuditSeal, SecurityEvent

_TABLES = (AccessEntry.__tablename__, AuditEntry.__tablename__, AuditSeal.__tablename__, SecurityEvent.__tablename__)


def protect_audit(connection: Connection) -> None:
    """Refuse UPDATE and DELETE on the log, on both databases. The owner runs it after migrations. Repeatable."""
    existing = set(sa.inspect(connection).get_table_names())
    for table in _TABLES:
        if table in existing:
            for statement in _STATEMENTS[connection.dialect.name]:
                connection.execute(sa.text(statement.format(table=table)))


_STATEMENTS = {
    "postgresql": (
        """CREATE OR REPLACE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$""",
        "DROP TRIGGER IF EXISTS append_only ON {table}",
        """CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change()""",
    ),
    "sqlite": tuple(
        f"CREATE TRIGGER IF NOT EXISTS {{table}}_no_{action} BEFORE {action} ON {{table}} "
        "BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for action in ("update", "delete")
    ),
}
