"""What PostgreSQL must know to plan well: of some columns more than usual, and of tables that grow in one transaction.

Columns say it themselves: `mapped_column(..., info={"statistics": 1000})`.
"""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.database.session import session

# Nobody but a table's owner may have it counted, so the function runs as the owner. It skips what somebody else counts.
_FUNCTION = """
CREATE OR REPLACE FUNCTION statistics_count_grown() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE grown regclass;
BEGIN
    FOR grown IN
        SELECT counted.relid FROM pg_stat_xact_user_tables counted JOIN pg_class ON pg_class.oid = counted.relid
        WHERE counted.schemaname = 'public' AND counted.n_tup_ins > greatest(pg_class.reltuples, 0) / 2
    LOOP
        EXECUTE format('ANALYZE (SKIP_LOCKED) %s', grown);
    END LOOP;
END $$"""
_COUNT = sa.text("SELECT statistics_count_grown()")


def refine_statistics(connection: Connection, metadata: sa.MetaData) -> None:
    """Have the values of such columns counted in more detail, and let a transaction have what it filled counted.

    The owner runs this after migrations; repeatable.
    """
    if connection.dialect.name != "postgresql":
        return
    quote = connection.dialect.identifier_preparer.quote
    existing = set(sa.inspect(connection).get_table_names())
    for table in metadata.tables.values():
        for column in table.columns:
            if (detail := column.info.get("statistics")) and table.name in existing:
                place = f"ALTER TABLE {quote(table.name)} ALTER COLUMN {quote(column.name)}"
                connection.execute(sa.text(f"{place} SET STATISTICS {int(detail)}"))
    connection.execute(sa.text(_FUNCTION))


def count_grown_tables() -> None:
    """Have the tables counted that have grown by half or more in this transaction.

    A statement that was planned while they were empty reads them from end to end for ever: the first large file of a
    company would take a time that grows with the square of its rows, since the database counts by itself only what
    was committed.
    """
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(_COUNT)
