"""The generic services behind generated views, and the one door through which views call services."""

import logging
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import inspect
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from app.companies.clock import active_zone
from app.companies.org import employee_of
from app.companies.ownership import Owned
from app.crud.deleting import refuse_used
from app.database.base import CompanyModel
from app.database.columns import utc_now
from app.database.refusals import damaged, is_deadlock, refusal_of, stale, taken_column
from app.database.session import rollback, session
from app.documents.references import refresh_ref
from app.errors import AppError, NotFound
from app.i18n import _

log = logging.getLogger(__name__)
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
    """Delete a record; refused while another row points at it: master data is archived then (S:REC-14)."""
    refuse_used(record, on=utc_now().astimezone(active_zone()).date())
    session.delete(record)
    session.flush()


def set_lines(record: CompanyModel, name: str, rows: Sequence[dict[str, Any]]) -> None:
    """Make the lines of a record equal to `rows`: known ids are changed, others added, the rest removed.

    The database learns it in the order removed, changed, added: a new line may take a value that must be unique from
    a line that loses it in the same save. An id is looked up among this record's own lines only; raises NotFound for
    any other.
    """
    line_model = inspect(type(record)).relationships[name].mapper.class_
    present = {line.id: line for line in getattr(record, name)}
    keys = [row.get("id") for row in rows]
    if any(key is not None and key not in present for key in keys):
        raise NotFound("line.missing", _("There is no such line."), field=name)
    if present.keys() - set(keys):
        setattr(record, name, [line for line in present.values() if line.id in keys])
        session.flush()
    lines = [line_model() if key is None else present[key] for key in keys]
    numbered = [*enumerate(zip(lines, rows, strict=True), start=1)]
    for position, (line, row) in numbered:
        if line in present.values():
            _set_line(line, row, position)
    if present:
        session.flush()
    for position, (line, row) in numbered:
        if line not in present.values():
            _set_line(line, row, position)
    setattr(record, name, lines)


def _set_line(line: Any, row: dict[str, Any], position: int) -> None:
    values = {key: value for key, value in row.items() if key != "id"}
    if "position" in inspect(type(line)).columns:
        values["position"] = position
    _set_values(line, values)


def call_service(service: Callable[..., R], *arguments: Any, **values: Any) -> R:
    """Call one service. A refusal undoes everything and comes out as an AppError.

    Where somebody else took a unique value meanwhile, the service is called once more: it sees the other record now
    and says what and whose it is (R5). So it is where two waited for each other, and the database undid this one.
    """
    try:
        return _call(service, *arguments, **values)
    except IntegrityError as error:
        rollback()
        if taken_column(error) is None:
            raise refusal_of(error) from error
    except OperationalError as error:
        rollback()
        if not is_deadlock(error):
            raise
        log.warning("%s is called again: %s", service, error.orig)
    try:
        return _call(service, *arguments, **values)
    except IntegrityError as error:
        rollback()
        raise refusal_of(error) from error


def _call(service: Callable[..., R], *arguments: Any, **values: Any) -> R:
    try:
        result = service(*arguments, **values)
        session.flush()
    except DataError as error:
        rollback()
        raise damaged() from error
    except StaleDataError as error:
        rollback()
        raise stale() from error
    except AppError:
        rollback()
        raise
    return result


def call_in_savepoint(service: Callable[..., R], **values: Any) -> R:
    """Call one service of many, as `call_service` does; a refusal undoes this call only."""
    try:
        return _call_nested(service, **values)
    except IntegrityError as error:
        if taken_column(error) is None:
            raise refusal_of(error) from error
    try:
        return _call_nested(service, **values)
    except IntegrityError as error:
        raise refusal_of(error) from error


def _call_nested(service: Callable[..., R], **values: Any) -> R:
    try:
        with session.begin_nested():
            result = service(**values)
            session.flush()
    except DataError as error:
        raise damaged() from error
    except StaleDataError as error:
        raise stale() from error
    return result


def change_record(
    update: Callable[..., None], record: CompanyModel, *, resource: str, actor: User, version: int | None, **values: Any
) -> None:
    """Change a record through its view's own service, and what is kept about it elsewhere."""
    check_version(record, version)
    if any(isinstance(value, list) for value in values.values()):
        record.updated_at = utc_now()  # Other lines are another version of the record, or two editors would not meet.
    update(record, actor=actor, **values)
    session.flush()
    refresh_ref(record, resource)


def remove_record(delete: Callable[..., None], record: CompanyModel, *, actor: User, version: int | None) -> None:
    """Delete a record through its view's own service. Raises Conflict for a version that is overtaken."""
    check_version(record, version)
    delete(record, actor=actor)


def check_version(record: CompanyModel, seen: int | None) -> None:
    """Refuse whoever has seen an old version of the record only."""
    if seen is not None and seen != record.version:
        raise stale()


def _set_values(record: CompanyModel, values: dict[str, Any]) -> None:
    lines = {name for name, relation in inspect(type(record)).relationships.items() if relation.uselist}
    for name, value in values.items():
        if name in lines:
            set_lines(record, name, value)
        else:
            setattr(record, name, _or_default(record, name, value))


def _or_default(record: CompanyModel, name: str, value: Any) -> Any:
    """Return the column's default for a blank that the column does not take."""
    column = inspect(type(record)).columns.get(name)
    if value is None and column is not None and not column.nullable:
        default = column.default
        return default.arg if default is not None and default.is_scalar else None
    return value
