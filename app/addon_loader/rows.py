"""Rows past every model: written down in one wording for both databases, and put back exactly.

Whole numbers, fractions, texts and truth values are those of JSON. An instant is 'YYYY-MM-DD HH:MM:SS.ffffff', in UTC
where the column knows a zone; an exact number and a JSON column are texts; bytes are {"base64": …}.
"""

import base64
import datetime as dt
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from enum import Enum
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.types import UserDefinedType

BATCH = 1000
Row = list[Any]
_INSTANT = "'YYYY-MM-DD HH24:MI:SS.US'"
_SEQUENCES = sa.table("sqlite_sequence", sa.column("name", sa.String), sa.column("seq", sa.Integer))
_SCALE = re.compile(r"\(\d+, ?(\d+)\)")


class _Kind(Enum):
    """What differs between the databases; the beginnings of the names of the types that are of this kind."""

    BOOLEAN = ("bool",)
    INSTANT = ("timestamp", "datetime")
    EXACT = ("numeric", "decimal")
    JSON = ("json",)
    NUMBER = ("integer", "bigint", "smallint", "double", "real", "float")
    BYTES = ("bytea", "blob", "binary")
    TEXT = ("",)  # Texts, and days, which both databases write alike.


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
    connection: Connection,
    table: str,
    where: str = "",
    values: Mapping[str, Any] | None = None,
    *,
    columns: Iterable[str] | None = None,
) -> Iterator[Row]:
    """Yield the rows in the wording above, in the order of the key; few of them are in memory at a time.

    The order, too, is the same on both databases; that of the columns is the table's, unless they are named.
    """
    types = column_types(connection, table)
    if columns is not None:
        types = {name: types[name] for name in columns}
    kinds = [(_kind_of(words), words) for words in types.values()]
    source = sa.table(table, *map(sa.column, types))
    told: list[sa.ColumnElement[Any]] = list(source.c)
    key = [source.c[name] for name in sa.inspect(connection).get_pk_constraint(table)["constrained_columns"]]
    order: list[sa.ColumnElement[Any]] = list(key)
    if connection.dialect.name == "postgresql":
        told = [_told(column, *kind) for column, kind in zip(source.c, kinds, strict=True)]
        order = [sa.collate(one, "C") if _unlimited(types[one.name]) == "text" else one for one in key]
    statement = sa.select(*told).select_from(source).where(*_where(where)).order_by(*order)
    for row in connection.execute(statement.execution_options(yield_per=BATCH), values or {}):
        yield [None if value is None else _to_json(value, *kind) for value, kind in zip(row, kinds, strict=True)]


def write_rows(connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Row]) -> int:
    """Insert rows that `read_rows` gave, on whichever database, and return their number."""
    types, count, waiting = column_types(connection, table), 0, iter(rows)
    names = [f"p{number}" for number in range(len(columns))]
    values: dict[str, sa.ColumnElement[Any]] = {
        column: sa.bindparam(name) for column, name in zip(columns, names, strict=True)
    }
    put: Callable[[Any, str], Any] = _for_sqlite
    if connection.dialect.name == "postgresql":
        values = {
            column: sa.cast(sa.bindparam(name, type_=sa.Text), _Worded(_unlimited(types[column])))
            for column, name in zip(columns, names, strict=True)
        }
        put = _for_postgresql
    statement = sa.insert(sa.table(table, *map(sa.column, columns))).values(values)
    wording = [types[column] for column in columns]
    while batch := list(islice(waiting, BATCH)):
        given = [dict(zip(names, map(put, row, wording), strict=True)) for row in batch]
        connection.execute(statement, given)
        count += len(batch)
    return count


@contextmanager
def without_foreign_keys(connection: Connection, tables: Iterable[str]) -> Iterator[None]:
    """Let the rows of these tables come in any order; the keys are checked when they are put back, at the end.

    On SQLite the transaction was begun with the keys switched off, and whoever began it checks them.
    """
    keys = list(_foreign_keys(connection, tables))
    for place, name, _definition in keys:
        connection.execute(sa.text(f"ALTER TABLE {place} DROP CONSTRAINT {name}"))
    yield
    for place, name, definition in keys:
        connection.execute(sa.text(f"ALTER TABLE {place} ADD CONSTRAINT {name} {definition}"))


class Digest:
    """Watches rows go by: their number and a checksum of their lines, the same for the same rows anywhere."""

    def __init__(self) -> None:
        self.rows, self._digest = 0, hashlib.sha256()

    @property
    def sha256(self) -> str:
        """The checksum so far."""
        return self._digest.hexdigest()

    def line(self, row: Row) -> bytes:
        """Return the row as one line of JSON, counted."""
        line = json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        self._digest.update(line)
        self.rows += 1
        return line

    def watch(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Yield the rows, counted."""
        for row in rows:
            self.line(row)
            yield row


def highest_id(connection: Connection, table: str) -> int:
    """Return the highest id that a table has given away, though its row may be gone; 0 where it gives none."""
    if "id" not in column_types(connection, table):
        return 0
    highest = connection.scalar(sa.select(sa.func.max(sa.column("id"))).select_from(sa.table(table))) or 0
    return max(int(highest), _given_away(connection, table))


def catch_up_sequence(connection: Connection, table: str, beyond: int = 0) -> None:
    """Have the next id of a table lie beyond those that were put in by hand, and beyond one given away before."""
    highest = max(beyond, highest_id(connection, table))
    if highest <= _given_away(connection, table):
        return
    if connection.dialect.name == "sqlite":
        found = {"name": table, "seq": highest}
        told = sa.update(_SEQUENCES).where(_SEQUENCES.c.name == table).values(seq=highest)
        if _keeps_sequences(connection) and not connection.execute(told).rowcount:
            connection.execute(sa.insert(_SEQUENCES).values(found))
    elif sequence := _sequence(connection, table):
        connection.execute(sa.text("SELECT setval(:sequence, :highest)"), {"sequence": sequence, "highest": highest})


def _foreign_keys(connection: Connection, tables: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    if connection.dialect.name == "postgresql":
        statement = sa.text(
            "SELECT CAST(CAST(conrelid AS regclass) AS text) AS place, quote_ident(conname) AS name, "
            "pg_get_constraintdef(oid) AS definition "
            "FROM pg_constraint WHERE contype = 'f' "
            "AND conrelid = ANY (SELECT oid FROM pg_class WHERE relname = ANY (:tables))"
        )
        for row in connection.execute(statement, {"tables": list(tables)}).all():
            yield row.place, row.name, row.definition


def _given_away(connection: Connection, table: str) -> int:
    """Return the id that a table gave away last."""
    if connection.dialect.name == "sqlite":
        last = sa.select(_SEQUENCES.c.seq).where(_SEQUENCES.c.name == table)
        return int(connection.scalar(last) or 0) if _keeps_sequences(connection) else 0
    statement = sa.text("SELECT pg_sequence_last_value(CAST(:sequence AS regclass))")  # None before the first id.
    sequence = _sequence(connection, table)
    return int(connection.scalar(statement, {"sequence": sequence}) or 0) if sequence else 0


def _sequence(connection: Connection, table: str) -> str | None:
    if "id" not in column_types(connection, table):
        return None
    found: str | None = connection.scalar(sa.text("SELECT pg_get_serial_sequence(:table, 'id')"), {"table": table})
    return found


def _keeps_sequences(connection: Connection) -> bool:
    """Tell whether SQLite has its table of ids: it makes it with the first table that never gives an id again."""
    return sa.inspect(connection).has_table(_SEQUENCES.name)


def _where(where: str) -> list[sa.TextClause]:
    return [sa.text(where)] if where else []


def _kind_of(words: str) -> _Kind:
    return next(kind for kind in _Kind if words.lower().startswith(kind.value))


def _told(column: sa.ColumnElement[Any], kind: _Kind, words: str) -> sa.ColumnElement[Any]:
    """Return how PostgreSQL tells a column."""
    if kind is _Kind.INSTANT:
        instant = sa.func.timezone("UTC", column) if "with time zone" in words else column
        return sa.func.to_char(instant, sa.literal_column(_INSTANT))
    return sa.cast(column, sa.Text) if kind in (_Kind.TEXT, _Kind.JSON, _Kind.EXACT) else column


def _to_json(value: Any, kind: _Kind, words: str) -> Any:
    if kind is _Kind.BOOLEAN:
        return bool(value)
    if kind is _Kind.INSTANT:
        return dt.datetime.fromisoformat(value).isoformat(" ", "microseconds")
    if kind is _Kind.EXACT:
        return _exact(value, words)
    if kind is _Kind.JSON and not isinstance(value, str):  # SQLite takes the text of a lone number for a number.
        return json.dumps(value)
    return {"base64": base64.b64encode(value).decode()} if isinstance(value, bytes) else value


def _exact(value: Any, words: str) -> str:
    """Return an exact number with the places of its column: SQLite keeps it as a fraction."""
    number, scale = Decimal(str(value)), _SCALE.search(words)
    return format(round(number, int(scale.group(1))) if scale else number.normalize(), "f")


def _for_sqlite(value: Any, _words: str) -> Any:
    return base64.b64decode(value["base64"]) if isinstance(value, dict) else value


def _for_postgresql(value: Any, words: str) -> Any:
    if value is None or isinstance(value, str):
        is_zoned = words.startswith("timestamp") and words.endswith("with time zone")
        return f"{value}+00" if value and is_zoned else value
    if isinstance(value, dict):
        return base64.b64decode(value["base64"])
    return json.dumps(value)  # true, 17, 0.5: PostgreSQL reads them as JSON writes them.


def _unlimited(words: str) -> str:
    """Return the type without its length: cast to it, a text that is too long would be cut off in silence."""
    return "text" if "char" in words else words


class _Worded(UserDefinedType[Any]):
    """A type in the database's own words."""

    cache_ok = True

    def __init__(self, words: str) -> None:
        self.words = words

    def get_col_spec(self, **_options: Any) -> str:
        """Return the words."""
        return self.words
