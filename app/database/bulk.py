"""Writing many plain rows at once, for tables that have no objects: tokens, lines of a log."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import String, Text, bindparam, func, insert, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from app.database.base import CompanyModel
from app.database.context import active_company
from app.database.isolation import IsolationError


def insert_rows(session: Session, model: type[CompanyModel], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows of the active company; every row names the same columns, and no defaults are filled in.

    On PostgreSQL this is one statement over arrays, twice as fast as a statement per row; COPY, which would be
    faster still, is refused under row-level security.
    """
    if not rows:
        return
    if (company_id := active_company()) is None:
        raise IsolationError(f"no active company for {model.__name__}")
    if any(row.get("company_id", company_id) != company_id for row in rows):
        raise IsolationError("insert into another company")
    stamped = [{**row, "company_id": company_id} for row in rows]
    connection, table = session.connection(), model.__table__
    if connection.dialect.name != "postgresql":
        connection.execute(insert(table), stamped)
        return
    columns = [table.c[name] for name in stamped[0]]
    arrays = [
        func.unnest(bindparam(None, [row[column.name] for row in stamped], ARRAY(_element_type(column.type))))
        for column in columns
    ]
    connection.execute(insert(table).from_select(columns, select(*arrays)))


def _element_type(column_type: TypeEngine[Any]) -> TypeEngine[Any]:
    """A cast to VARCHAR(24) would cut a longer text off in silence; as plain text it is refused by the column."""
    return Text() if isinstance(column_type, String) else column_type
