"""The session, for services and queries only."""

from sqlalchemy import Select, and_, exists, func, not_, or_, select, update

from app.audit import insert_rows
from app.crud.records import delete_record, set_lines
from app.database.columns import read_id, utc_now
from app.database.keeping import keep_row, keep_rows
from app.database.locking import lock_matching, lock_names, lock_rows
from app.database.remembering import Memory, remembered
from app.database.session import on_commit, session

__all__ = [
    "Memory",
    "Select",
    "and_",
    "delete_record",
    "exists",
    "func",
    "insert_rows",
    "keep_row",
    "keep_rows",
    "lock_matching",
    "lock_names",
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
