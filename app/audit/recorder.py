"""Recording every change of a company row, in the flush that makes it (S:CORE-07).

Mapper hooks collect what changed, rows deleted as orphans included; it is written down before the commit, all at
once. ORM UPDATE and DELETE statements, which no flush sees, are recorded by reading the rows before and after.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection, Result
from sqlalchemy.orm import Mapper, ORMExecuteState, Session, object_session
from sqlalchemy.orm.base import LoaderCallableStatus

from app.audit.columns import AuditedColumn, audited_columns, is_audited
from app.audit.models import AccessEntry, AuditAction, AuditEntry, AuditSeal, SecurityEvent
from app.audit.origin import origin
from app.database.base import CompanyModel
from app.database.columns import utc_now
from app.database.context import acting_user_id
from app.database.isolation import CompanySession
from app.database.late_rows import write_late

log = logging.getLogger(__name__)
_COLLECTED, _OLD = "audit_entries", "audit_old_values"
_BATCH = 500
_LOGS = (AccessEntry, AuditEntry, AuditSeal, SecurityEvent)

Changes = dict[str, list[Any]]


class AppendOnlyError(RuntimeError):
    """Code tried to change or delete the log. A bug, never a user's mistake."""


def entry(
    model: type[CompanyModel], record_id: int, company_id: int, action: AuditAction, changes: Changes
) -> dict[str, Any]:
    """Return an audit row, stamped with who, when and from where."""
    return {
        "company_id": company_id,
        "at": utc_now(),
        "user_id": acting_user_id(),
        "table_name": model.__tablename__,
        "record_id": record_id,
        "action": action,
        "changes": changes,
        **origin()._asdict(),
    }


def write(session: Session, entries: list[dict[str, Any]]) -> None:
    """Insert audit rows in the session's transaction, at the latest when it commits."""
    if entries:
        write_late(session.connection(), AuditEntry.__table__, entries)


def one_sided(model: type[CompanyModel], values: Mapping[str, Any], *, inserted: bool) -> Changes:
    """Return the changes of a row that came or went; empty columns are left out."""
    changes: Changes = {}
    for audited in audited_columns(model):
        shown = audited.show(values.get(audited.attribute))
        if shown is not None:
            changes[audited.attribute] = [None, shown] if inserted else [shown, None]
    return changes


def _collect(row: CompanyModel, action: AuditAction, changes: Changes) -> None:
    session = object_session(row)
    if session is not None:
        collected = session.info.setdefault(_COLLECTED, [])
        collected.append(entry(type(row), row.id, row.company_id, action, changes))


def _after_insert(_mapper: Mapper[Any], connection: Connection, row: CompanyModel) -> None:
    if is_audited(type(row)):
        values = _values(connection, row, audited_columns(type(row)))
        _collect(row, AuditAction.INSERT, one_sided(type(row), values, inserted=True))


def _before_update(_mapper: Mapper[Any], connection: Connection, row: CompanyModel) -> None:
    """Keep the old values: the database still has those that were set without being loaded."""
    session = object_session(row)
    if session is None or not is_audited(type(row)):
        return
    state: Any = sa.inspect(row)
    old: dict[str, Any] = {
        audited.attribute: state.committed_state[audited.attribute]
        for audited in audited_columns(type(row))
        if audited.attribute in state.committed_state
    }
    unknown = [
        audited
        for audited in audited_columns(type(row))
        if isinstance(old.get(audited.attribute), LoaderCallableStatus)
    ]
    if unknown:
        old.update(_stored(connection, row, unknown))
    session.info.setdefault(_OLD, {})[state] = old


def _after_update(_mapper: Mapper[Any], connection: Connection, row: CompanyModel) -> None:
    session = object_session(row)
    old = session.info.get(_OLD, {}).pop(sa.inspect(row), None) if session is not None else None
    if old:
        touched = [audited for audited in audited_columns(type(row)) if audited.attribute in old]
        if changes := _differences(touched, old, _values(connection, row, touched)):
            _collect(row, AuditAction.UPDATE, changes)


def _before_delete(_mapper: Mapper[Any], connection: Connection, row: CompanyModel) -> None:
    if is_audited(type(row)):
        values = _stored(connection, row, audited_columns(type(row)))
        _collect(row, AuditAction.DELETE, one_sided(type(row), values, inserted=False))


def _differences(columns: Iterable[AuditedColumn], old: Mapping[str, Any], new: Mapping[str, Any]) -> Changes:
    return {
        audited.attribute: [audited.show(old[audited.attribute]), audited.show(new[audited.attribute])]
        for audited in columns
        if old[audited.attribute] != new[audited.attribute]
    }


def _values(connection: Connection, row: CompanyModel, columns: Sequence[AuditedColumn]) -> dict[str, Any]:
    """Return present values; those that the database computed are read back."""
    state: Any = sa.inspect(row)
    values = {audited.attribute: state.dict.get(audited.attribute) for audited in columns}
    if computed := [audited for audited in columns if audited.attribute in state.expired_attributes]:
        values.update(_stored(connection, row, computed))
    return values


def _stored(connection: Connection, row: CompanyModel, columns: Sequence[AuditedColumn]) -> dict[str, Any]:
    wanted = [audited.column.label(audited.attribute) for audited in columns]
    key = sa.inspect(type(row)).primary_key[0]
    return dict(connection.execute(sa.select(*wanted).where(key == row.id)).mappings().one())


def _before_flush(session: Session, _context: Any, _instances: Any) -> None:
    for left_by_a_failed_flush in (_COLLECTED, _OLD):
        session.info.pop(left_by_a_failed_flush, None)


def _after_flush(session: Session, _context: Any) -> None:
    write(session, session.info.pop(_COLLECTED, []))


def _on_execute(state: ORMExecuteState) -> Result[Any] | None:
    if not (state.is_update or state.is_delete) or state.bind_mapper is None:
        return None
    model = state.bind_mapper.class_
    if model in _LOGS:
        _refuse()
    if not is_audited(model):
        return None
    statement: Any = state.statement
    before = _read(state.session, model, statement.whereclause)
    result: Result[Any] = state.invoke_statement()
    if state.is_delete:
        write(
            state.session,
            [
                entry(model, row["id"], row["company_id"], AuditAction.DELETE, one_sided(model, row, inserted=False))
                for row in before
            ],
        )
    else:
        _write_updates(state.session, model, before)
    return result


def _write_updates(session: Session, model: type[CompanyModel], before: list[dict[str, Any]]) -> None:
    columns = audited_columns(model)
    for start in range(0, len(before), _BATCH):
        old = {row["id"]: row for row in before[start : start + _BATCH]}
        found = [
            (row, changes)
            for row in _read(session, model, model.id.in_(old))
            if (changes := _differences(columns, old[row["id"]], row))
        ]
        write(
            session, [entry(model, row["id"], row["company_id"], AuditAction.UPDATE, changes) for row, changes in found]
        )


def _read(session: Session, model: type[CompanyModel], where: Any) -> list[dict[str, Any]]:
    wanted = [getattr(model, audited.attribute).label(audited.attribute) for audited in audited_columns(model)]
    statement = sa.select(model.id.label("id"), model.company_id.label("company_id"), *wanted)
    if where is not None:
        statement = statement.where(where)
    return [dict(row) for row in session.execute(statement).mappings()]


def _refuse(*_arguments: Any) -> None:
    raise AppendOnlyError("the log is append-only (S:CORE-07)")


event.listen(CompanyModel, "after_insert", _after_insert, propagate=True)
event.listen(CompanyModel, "before_update", _before_update, propagate=True)
event.listen(CompanyModel, "after_update", _after_update, propagate=True)
event.listen(CompanyModel, "before_delete", _before_delete, propagate=True)
for _log in _LOGS:
    event.listen(_log, "before_update", _refuse)
    event.listen(_log, "before_delete", _refuse)
event.listen(CompanySession, "before_flush", _before_flush)
event.listen(CompanySession, "after_flush", _after_flush)
event.listen(CompanySession, "do_orm_execute", _on_execute)
