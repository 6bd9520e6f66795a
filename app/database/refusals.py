"""What the database refuses, said in words: a value that is taken, a row in use, a record overtaken."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.database.base import CompanyModel
from app.errors import AppError, Conflict, NotFound, ValidationError
from app.i18n import _, humanize


def stale() -> Conflict:
    """Return the refusal of a form that somebody else has overtaken."""
    return Conflict("record.stale", _("Somebody else has changed this record meanwhile. Reload it and try again."))


def damaged() -> ValidationError:
    """Return the refusal of a value that no column can keep."""
    return ValidationError("record.refused", _("The database refused these values."))


def is_deadlock(error: DBAPIError) -> bool:
    """Tell whether PostgreSQL undid a statement because two transactions waited for each other."""
    return getattr(error.orig, "sqlstate", None) == "40P01"


def refusal_of(error: IntegrityError) -> AppError:
    """Return what a broken constraint means to whoever typed the values."""
    message = str(error.orig)
    if "foreign key" in message.lower():
        if "is not present" in message:  # PostgreSQL tells the two apart; SQLite checks references before that.
            return NotFound("reference.missing", _("A record that this one points at is not there any more."))
        return Conflict("record.in_use", _("Other records point at this one, so it cannot be deleted."))
    column = taken_column(error)
    if column is not None:
        return Conflict(
            "record.duplicate", _("%(label)s: this value is already taken."), field=column, label=_(humanize(column))
        )
    if "not null" in message.lower() or "not-null" in message:
        return ValidationError("record.incomplete", _("A required value is missing."))
    return damaged()


def taken_column(error: IntegrityError) -> str | None:
    """Name the field of the unique key that was broken, on both databases; None if it was something else.

    It is the key's last column, or what that one says with `info={"stands_for": "phone"}`: a hash is on no screen.

    PostgreSQL names the key, SQLite its columns, or the index where it holds for some rows only.
    """
    keys, message = _unique_keys(), str(error.orig)
    name = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
    if name is None and "UNIQUE constraint failed: " in message:
        name = message.rpartition("UNIQUE constraint failed: ")[2].removeprefix("index ").strip("'")
    return keys.get(name) if name is not None else None


def _unique_keys() -> dict[str, str]:
    """Return the field of every unique key, by the key's name and by how SQLite lists its columns."""
    found: dict[str, str] = {}
    for table in CompanyModel.metadata.tables.values():
        for name, columns in _keys_of(table):
            field = columns[-1].info.get("stands_for", columns[-1].name)
            found[name] = found[", ".join(f"{table.name}.{column.name}" for column in columns)] = field
    return found


def _keys_of(table: Any) -> Iterator[tuple[str, list[Any]]]:
    keys: list[UniqueConstraint | Index] = [one for one in table.constraints if isinstance(one, UniqueConstraint)]
    keys += [index for index in table.indexes if index.unique]
    for key in keys:
        columns = list(key.columns)
        if columns:
            yield str(key.name), columns
