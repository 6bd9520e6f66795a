"""The generic services behind generated views, and the one door through which views call services."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import UniqueConstraint, inspect
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from app.companies.org import employee_of
from app.companies.ownership import Owned
from app.database.base import CompanyModel
from app.database.session import rollback, session
from app.errors import AppError, Conflict, ValidationError
from app.i18n import _, humanize

R = TypeVar("R")


def create_record(model: type[CompanyModel], *, actor: User, **values: Any) -> CompanyModel:
    """Create a record: what a view does that names no service of its own."""
    record = model()
    if isinstance(record, Owned) and values.get("owner_id") is None:
        employee = employee_of(actor.id)
        values["owner_id"] = employee.id if employee else None
    _set_values(record, values)
    session.add(record)
    session.flush()
    return record


def update_record(record: CompanyModel, *, actor: User, **values: Any) -> None:
    """Change a record."""
    _set_values(record, values)
    session.flush()


def delete_record(record: CompanyModel, *, actor: User) -> None:
    """Delete a record; refused while another row points at it."""
    session.delete(record)
    session.flush()


def set_lines(record: CompanyModel, name: str, rows: Sequence[dict[str, Any]]) -> None:
    """Make the lines of a record equal to `rows`: known ids are changed, others added, the rest removed.

    An id is looked up among this record's own lines only, so a foreign id cannot be smuggled in.
    """
    relation = inspect(type(record)).relationships[name]
    line_model = relation.mapper.class_
    present = {line.id: line for line in getattr(record, name)}
    kept = []
    for position, row in enumerate(rows, start=1):
        values = dict(row)
        line = present.get(values.pop("id", None)) or line_model()
        if "position" in relation.mapper.columns:
            values["position"] = position
        _set_values(line, values)
        kept.append(line)
    setattr(record, name, kept)


def call_service(service: Callable[..., R], *arguments: Any, **values: Any) -> R:
    """Call one service. A refusal undoes everything and comes out as an AppError."""
    try:
        result = service(*arguments, **values)
        session.flush()
    except IntegrityError as error:
        rollback()
        raise _conflict(error) from error
    except StaleDataError as error:
        rollback()
        raise stale() from error
    except AppError:
        rollback()
        raise
    return result


def call_in_savepoint(service: Callable[..., R], **values: Any) -> R:
    """Call one service of many: a refusal undoes this call only."""
    try:
        with session.begin_nested():
            result = service(**values)
            session.flush()
    except IntegrityError as error:
        raise _conflict(error) from error
    return result


def check_version(record: CompanyModel, seen: int | None) -> None:
    """Refuse a form that shows an old version of the record."""
    if seen is not None and seen != record.version:
        raise stale()


def stale() -> Conflict:
    """Return the refusal of a form that somebody else has overtaken."""
    return Conflict("record.stale", _("Somebody else has changed this record meanwhile. Reload it and try again."))


def _set_values(record: CompanyModel, values: dict[str, Any]) -> None:
    lines = {name for name, relation in inspect(type(record)).relationships.items() if relation.uselist}
    for name, value in values.items():
        if name in lines:
            set_lines(record, name, value)
        else:
            setattr(record, name, value)


def _conflict(error: IntegrityError) -> AppError:
    """Say in words what the database refused: a value that is taken, or a row still in use."""
    message = str(error.orig)
    if "FOREIGN KEY" in message.upper():
        return Conflict("record.in_use", _("Other records point at this one, so it cannot be deleted."))
    field = _taken_field(message)
    if field is not None:
        return Conflict("record.duplicate", _("%(label)s: this value is already taken."),
                        field=field, label=_(humanize(field)))
    if "NOT NULL" in message.upper() or "not-null" in message:
        return ValidationError("record.missing", _("A required value is missing."))
    return Conflict("record.refused", _("The database refused these values."))


def _taken_field(message: str) -> str | None:
    """Name the form field of a unique violation, on both databases; None if it was another."""
    for mapper in CompanyModel.registry.mappers:
        for constraint in getattr(mapper.local_table, "constraints", ()):
            if not isinstance(constraint, UniqueConstraint):
                continue
            columns = [column.name for column in constraint.columns]
            on_sqlite = ", ".join(f"{mapper.local_table.name}.{name}" for name in columns)
            if f'"{constraint.name}"' in message or message.endswith(f"failed: {on_sqlite}"):
                return columns[-1]
    return None
