"""The session, for services and queries only."""

from sqlalchemy import Select, and_, exists, func, not_, or_, select, update

from app.audit import insert_rows
from app.crud.records import delete_record, set_lines
from app.database.columns import read_id, utc_now
from app.database.locking import lock_matching, lock_rows
from app.database.remembering import remembered
from app.database.session import on_commit, session

__all__ = [
    "Select",
    "and_",
    "delete_record",
    "exists",
    "func",
    "insert_rows",
    "lock_matching",
    "lock_rows",
    "not_",
    "on_commit",
    "or_",
    "read_id",
    "remembered",
    "select",
    "session",
    "set_lines",
    "update",
    "utc_now",
]
