"""The first wall: a session through which no row of another company can be read or written.

Every access path is listed in tests/app/database/test_isolation.py. Where the ORM cannot see a statement
(raw SQL, Core tables), the session refuses it unless `without_isolation` says why it is needed.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NoReturn

import sqlalchemy as sa
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import event
from sqlalchemy.orm import Mapper, ORMExecuteState, Session, with_loader_criteria
from sqlalchemy.sql import visitors

from app.database.base import CompanyModel, is_company_table
from app.database.context import active_company

log = logging.getLogger(__name__)
_open: ContextVar[bool] = ContextVar("isolation_open", default=False)


class IsolationError(RuntimeError):
    """Code tried to reach another company's rows. A bug, never a user's mistake."""


class CompanySession(FlaskSession):
    """A session that shows the active company's rows only, identity map included."""

    def get(self, entity: Any, ident: Any, **options: Any) -> Any:
        """Return the row, or None where it belongs to another company."""
        return _own_or_none(super().get(entity, ident, **options))

    def _identity_lookup(self, mapper: Any, *args: Any, **options: Any) -> Any:
        # Private, and pinned by a test: Query.get and lazy many-to-one loads look here first.
        return _own_or_none(super()._identity_lookup(mapper, *args, **options))

    def _refuse_bulk(self, *args: Any, **options: Any) -> NoReturn:
        raise IsolationError("the legacy bulk API bypasses the flush checks; use execute(insert(Model), rows)")

    bulk_save_objects = bulk_insert_mappings = bulk_update_mappings = _refuse_bulk


@contextmanager
def without_isolation(session: Session, *, reason: str) -> Iterator[None]:
    """Open the first wall, logged with a reason. The second wall (PostgreSQL) stays closed."""
    log.warning("isolation opened: %s", reason)
    token = _open.set(True)
    try:
        yield
    finally:
        _open.reset(token)
        forget_company_rows(session)


def forget_company_rows(session: Session) -> None:
    """Take every business row out of the session, so that none is met in another company."""
    if any(isinstance(row, CompanyModel) for row in [*session.new, *session.dirty, *session.deleted]):
        session.flush()
    for row in list(session.identity_map.values()):
        if isinstance(row, CompanyModel):
            session.expunge(row)


def _own_or_none(row: Any) -> Any:
    if isinstance(row, CompanyModel) and not _open.get():
        company_id = active_company()
        if row.__dict__.get("company_id", company_id) != company_id:
            return None
    return row


def _on_execute(state: ORMExecuteState) -> None:
    if _open.get():
        return
    statement: Any = state.statement
    if isinstance(statement, sa.TextClause):
        raise IsolationError("raw SQL through the session")
    mappers = [mapper for mapper in state.all_mappers if issubclass(mapper.class_, CompanyModel)]
    company_id = active_company()
    if mappers and company_id is None and not state.is_column_load:
        raise IsolationError(f"no active company for {mappers[0].class_.__name__}")
    if state.is_insert:
        _check_insert(state, statement, mappers, company_id)
        return
    if state.is_update and mappers:
        _check_update(state, statement)
    if not state.is_orm_statement:
        _refuse_company_tables(statement)
    state.statement = statement.options(_criteria(company_id))


def _criteria(company_id: int | None) -> Any:
    if company_id is None:
        return with_loader_criteria(CompanyModel, lambda cls: sa.false(), include_aliases=True, propagate_to_loaders=True)
    return with_loader_criteria(
        CompanyModel, lambda cls: cls.company_id == company_id, include_aliases=True, propagate_to_loaders=True)


def _check_insert(
    state: ORMExecuteState, statement: Any, mappers: list[Mapper[Any]], company_id: int | None
) -> None:
    if not mappers:
        _refuse_company_tables(statement)
        return
    if statement._values or statement._multi_values or statement.select is not None:
        raise IsolationError("use execute(insert(Model), rows), so that rows are stamped with the company")
    rows = state.parameters if isinstance(state.parameters, list) else [state.parameters or {}]
    for row in rows:
        if row.setdefault("company_id", company_id) != company_id:
            raise IsolationError("insert into another company")


def _check_update(state: ORMExecuteState, statement: Any) -> None:
    if "company_id" in {getattr(key, "key", key) for key in (statement._values or {})}:
        raise IsolationError("update of company_id")
    if isinstance(state.parameters, list):
        raise IsolationError("a bulk update by primary key ignores the company filter")


def _refuse_company_tables(statement: Any) -> None:
    for element in visitors.iterate(statement):
        if isinstance(element, sa.Table) and is_company_table(element):
            raise IsolationError(f"Core statement on company table {element.name}")


def _before_flush(session: Session, _context: Any, _instances: Any) -> None:
    if _open.get():
        return
    company_id = active_company()
    for row in session.new:
        if isinstance(row, CompanyModel) and row.company_id is None:
            row.company_id = company_id  # type: ignore[assignment]  # None is refused just below, by the mapper hook.
    for row in [*session.dirty, *session.deleted]:
        if isinstance(row, CompanyModel):
            history = sa.inspect(row).attrs.company_id.history
            if history.deleted and history.deleted[0] != company_id:
                raise IsolationError(f"{type(row).__name__} of another company")
    for row in [*session.new, *session.dirty]:
        if isinstance(row, CompanyModel):
            _check_references(session, row)


def _check_references(session: Session, row: CompanyModel) -> None:
    """Refuse a changed reference whose target this company does not see, naming the field."""
    state = sa.inspect(row)
    for column in state.mapper.local_table.columns:
        if "references" not in column.info:
            continue
        attribute = state.mapper.get_property_by_column(column).key
        added = state.attrs[attribute].history.added
        if not added or added[0] is None:
            continue
        target = _class_of(column.info["references"])
        with session.no_autoflush:
            if session.get(target, added[0]) is None:
                raise IsolationError(f"{type(row).__name__}.{attribute}: no such {target.__name__} in this company")


def _class_of(table: str) -> type[CompanyModel]:
    for mapper in CompanyModel.registry.mappers:
        if mapper.local_table is not None and mapper.local_table.name == table:
            return mapper.class_  # type: ignore[no-any-return]
    raise IsolationError(f"no class for table {table}")


def _check_loaded(row: CompanyModel, _context: Any, _attributes: Any = None) -> None:
    if not _open.get() and row.__dict__.get("company_id", active_company()) != active_company():
        raise IsolationError(f"{type(row).__name__} of another company was loaded")


def _check_written(_mapper: Any, _connection: Any, row: CompanyModel) -> None:
    # Runs after relationships have set their keys: it sees the company that will be written.
    if not _open.get() and (row.company_id is None or row.company_id != active_company()):
        raise IsolationError(f"{type(row).__name__} written into another company")


for _name in ("before_insert", "before_update", "before_delete"):
    event.listen(CompanyModel, _name, _check_written, propagate=True)
for _name in ("load", "refresh"):
    event.listen(CompanyModel, _name, _check_loaded, propagate=True)
event.listen(CompanySession, "do_orm_execute", _on_execute)
event.listen(CompanySession, "before_flush", _before_flush)
