"""Rows as the database keeps them, past every model and every type: written down exactly, and put back exactly."""

import base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.types import UserDefinedType

BATCH = 1000
Row = list[Any]


def column_types(connection: Connection, table: str) -> dict[str, str]:
    """Return the columns of a table in their order, with their types in the database's own words."""
    if connection.dialect.name == "postgresql":
        statement = sa.text(
            "SELECT attname, format_type(atttypid, atttypmod) AS kind FROM pg_attribute "
            "WHERE attrelid = CAST(:table AS regclass) AND attnum > 0 AND NOT attisdropped ORDER BY attnum"
        )
        return {row.attname: row.kind for row in connection.execute(statement, {"table": f'"{table}"'})}
    return {column["name"]: str(column["type"]) for column in sa.inspect(connection).get_columns(table)}


def count_rows(connection: Connection, table: str, where: str = "", values: Mapping[str, Any] | None = None) -> int:
    """Return how many rows there are."""
    statement = sa.select(sa.func.count()).select_from(sa.table(table)).where(*_where(where))
    return int(connection.scalar(statement, values or {}) or 0)


def read_rows(
    connection: Connection, table: str, where: str = "", values: Mapping[str, Any] | None = None
) -> Iterator[Row]:
    """Yield the rows as lists that JSON can hold, in the order of the key; few of them are in memory at a time."""
    columns: list[sa.ColumnElement[Any]] = [sa.column(name) for name in column_types(connection, table)]
    if connection.dialect.name == "postgresql":  # As text: exact for every type.
        columns = [sa.cast(column, sa.Text) for column in columns]
    source = sa.table(table, *map(sa.column, column_types(connection, table)))
    key = sa.inspect(connection).get_pk_constraint(table)["constrained_columns"]
    statement = (
        sa.select(*columns).select_from(source).where(*_where(where)).order_by(*(source.c[name] for name in key))
    )
    for row in connection.execute(statement.execution_options(yield_per=BATCH), values or {}):
        yield [_to_json(value) for value in row]


def write_rows(connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Row]) -> int:
    """Insert rows that `read_rows` gave, and return their number."""
    kinds, count, waiting = column_types(connection, table), 0, iter(rows)
    values: dict[str, sa.ColumnElement[Any]] = {name: sa.bindparam(f"p{n}") for n, name in enumerate(columns)}
    if connection.dialect.name == "postgresql":
        values = {
            name: sa.cast(sa.bindparam(f"p{n}", type_=sa.Text), _Worded(kinds[name])) for n, name in enumerate(columns)
        }
    statement = sa.insert(sa.table(table, *map(sa.column, columns))).values(values)
    while batch := list(islice(waiting, BATCH)):
        connection.execute(statement, [{f"p{n}": _from_json(value) for n, value in enumerate(row)} for row in batch])
        count += len(batch)
    return count


def catch_up_sequence(connection: Connection, table: str) -> None:
    """Have the next id of a table lie beyond those that were put in by hand."""
    if connection.dialect.name != "postgresql" or "id" not in column_types(connection, table):
        return
    sequence = connection.scalar(sa.text("SELECT pg_get_serial_sequence(:table, 'id')"), {"table": table})
    highest = connection.scalar(sa.select(sa.func.max(sa.column("id"))).select_from(sa.table(table))) or 0
    if sequence and highest:
        used = sa.text("SELECT setval(:sequence, GREATEST(:highest, nextval(:sequence)))")
        connection.execute(used, {"sequence": sequence, "highest": highest})


def _where(where: str) -> list[sa.TextClause]:
    return [sa.text(where)] if where else []


class _Worded(UserDefinedType[Any]):
    """A type in the database's own words."""

    cache_ok = True

    def __init__(self, words: str) -> None:
        self.words = words

    def get_col_spec(self, **_options: Any) -> str:
        """Return the words."""
        return self.words


def _to_json(value: Any) -> Any:
    return {"base64": base64.b64encode(value).decode()} if isinstance(value, bytes) else value


def _from_json(value: Any) -> Any:
    return base64.b64decode(value["base64"]) if isinstance(value, dict) else value
