"""What PostgreSQL must know of some columns to plan well: `mapped_column(..., info={"statistics": 1000})`."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection


def refine_statistics(connection: Connection, metadata: sa.MetaData) -> None:
    """Have the values of such columns counted in more detail. The owner runs this after migrations; repeatable."""
    if connection.dialect.name != "postgresql":
        return
    quote = connection.dialect.identifier_preparer.quote
    existing = set(sa.inspect(connection).get_table_names())
    for table in metadata.tables.values():
        for column in table.columns:
            if (detail := column.info.get("statistics")) and table.name in existing:
                place = f"ALTER TABLE {quote(table.name)} ALTER COLUMN {quote(column.name)}"
                connection.execute(sa.text(f"{place} SET STATISTICS {int(detail)}"))
