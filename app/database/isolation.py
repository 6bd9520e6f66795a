"""The first wall: a session through which no row of another company can be read or written.

Every access path is listed in tests/app/database/test_isolation.py. Where the company filter cannot reach
(raw SQL, Core tables), the session refuses the statement unless `without_isolation` says why it is needed.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache
from typing import Any, NoReturn, TypeVar

import sqlalchemy as sa
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import event
from sqlalchemy.orm import Mapper, ORMExecuteState, Session, scoped_session, with_loader_criteria
from sqlalchemy.sql import visitors
from sqlalchemy.util import LRUCache

from app.database.base import CompanyModel, Model
from app.database.context import active_company
from app.database.remembering import remembered
from app.database.statements import find_unfiltered

log = logging.getLogger(__name__)
Row = TypeVar("Row", bound=CompanyModel)
_open: ContextVar[bool] = ContextVar("isolation_open", default=False)
_reached: LRUCache[Any, bool] = LRUCache(1000)  # Statements that the filter reaches fully, by SQLAlchemy's cache key.


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
        session.flush()
    finally:
        _open.reset(token)
        drop_company_rows(session)


def forget_company_rows(session: Session) -> None:
    """Write what is pending, then take every business row out of the session: none may be met in another company."""
    if any(isinstance(row, CompanyModel) for row in [*session.new, *session.dirty, *session.deleted]):
        session.flush()
    drop_company_rows(session)


def drop_company_rows(session: Session) -> None:
    """Take every business row out of the session as it is, unwritten changes included."""
    for row in [*session.new, *session.identity_map.values()]:
        if isinstance(row, CompanyModel) and row in session:  # The line of a document left with the document.
            session.expunge(row)
    for row in session.identity_map.values():  # What is left may hold on to business rows through a relationship.
        relationships = sa.inspect(row).mapper.relationships
        links = [link.key for link in relationships if issubclass(link.mapper.class_, CompanyModel)]
        if links:
            session.expire(row, links)


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
    company_id = active_company()
    filtered = statement if state.is_insert else statement.options(_criteria(company_id))
    if not (state.is_relationship_load or state.is_column_load):  # The ORM writes those itself, from classes.
        _refuse_unfiltered(statement, filtered._generate_cache_key(), is_orm=state.is_orm_statement)
    if company_id is None or state.is_insert or state.is_update:  # Finding the tables of each read would cost its time.
        mappers = [mapper for mapper in state.all_mappers if issubclass(mapper.class_, CompanyModel)]
        if mappers and company_id is None and not state.is_column_load:
            raise IsolationError(f"no active company for {mappers[0].class_.__name__}")
        if mappers and state.is_insert:
            _stamp_inserted(state, statement, company_id)
        if mappers and state.is_update:
            _check_update(state, statement)
    if not state.is_insert:
        state.statement = filtered


def _refuse_unfiltered(statement: Any, cache_key: Any, *, is_orm: bool) -> None:
    """Refuse a statement that the filter does not fully reach.

    SQLAlchemy compiles statements with the same cache key to the same SQL, filter included, so one look is enough for
    all of them; and it needs that key anyway. A statement without one is looked at each time.
    """
    known = cache_key and (len(Model.metadata.tables), is_orm, cache_key.key)
    if known in _reached:
        return
    missed = find_unfiltered(statement, is_orm=is_orm)
    if missed:
        raise IsolationError(f"{missed}: the company filter cannot reach it")
    if known:
        _reached[known] = True


@lru_cache(maxsize=1024)  # Building it costs more than using it.
def _criteria(company_id: int | None) -> Any:
    if company_id is None:
        return with_loader_criteria(CompanyModel, _nothing, include_aliases=True, propagate_to_loaders=True)
    return with_loader_criteria(
        CompanyModel, lambda cls: cls.company_id == company_id, include_aliases=True, propagate_to_loaders=True
    )


def _nothing(_model: type[CompanyModel]) -> Any:
    return sa.false()


def _stamp_inserted(state: ORMExecuteState, statement: Any, company_id: int | None) -> None:
    if statement._values or statement._multi_values or statement.select is not None:
        raise IsolationError("use execute(insert(Model), rows), so that rows are stamped with the company")
    _check_upsert(statement)
    given: Any = state.parameters
    rows = given if isinstance(given, list) else [given or {}]
    if any(row.get("company_id", company_id) != company_id for row in rows):
        raise IsolationError("insert into another company")
    stamped = [{**row, "company_id": company_id} for row in rows]
    state.parameters = stamped if isinstance(given, list) else stamped[0]


def _check_upsert(statement: Any) -> None:
    """Refuse an ON CONFLICT that could meet another company's row, or move one's own there."""
    extension = statement._post_values_clause
    clauses: Iterator[Any] = iter(()) if extension is None else visitors.iterate(extension)
    for clause in clauses:
        changed = getattr(clause, "update_values_to_set", None)
        if changed is None:
            continue
        keys = {getattr(key, "key", key) for key in clause.inferred_target_elements or ()}
        if "company_id" not in keys or "company_id" in {getattr(key, "key", key) for key in changed}:
            raise IsolationError("an upsert must find its row by a key that starts with company_id, and leave it there")


def _check_update(state: ORMExecuteState, statement: Any) -> None:
    if isinstance(state.parameters, list):
        raise IsolationError("a bulk update by primary key ignores the company filter")
    if "company_id" in {getattr(key, "key", key) for key in [*(statement._values or ()), *(state.parameters or ())]}:
        raise IsolationError("update of company_id")


def _before_flush(session: Session, _context: Any, _instances: Any) -> None:
    if _open.get():
        return
    company_id = active_company()
    for row in session.new:
        if isinstance(row, CompanyModel) and row.company_id is None:
            row.company_id = company_id  # None is refused just below, by the mapper hook.
    for row in [*session.dirty, *session.deleted]:
        if isinstance(row, CompanyModel):
            history: Any = sa.inspect(row).attrs.company_id.history
            if history.deleted and history.deleted[0] != company_id:
                raise IsolationError(f"{type(row).__name__} of another company")
    _check_references(session)


def _check_references(session: Session) -> None:
    """Refuse changed references whose targets this company does not see, naming the field; one statement per table.

    What was seen once is not asked for again in the same transaction: should it go, the foreign key refuses.
    """
    wanted: dict[str, dict[int, str]] = defaultdict(dict)
    for row in [*session.new, *session.dirty]:
        if isinstance(row, CompanyModel):
            state: Any = sa.inspect(row)
            for table, attribute in _references(state.mapper):
                for target in state.attrs[attribute].history.added or ():
                    if target is not None:
                        wanted[table][target] = f"{type(row).__name__}.{attribute}"
    for table, fields in wanted.items():
        model, seen = _class_of(table), remembered(session, "references_seen").setdefault(table, set())
        missing = fields.keys() - seen
        seen |= (found := {target for target in missing if at_hand(session, model, target) is not None})
        missing -= found
        if missing:
            with session.no_autoflush:
                seen |= (found := set(session.scalars(sa.select(model.id).where(model.id.in_(missing)))))
            missing -= found
        if missing:
            raise IsolationError(f"{fields[missing.pop()]}: no such {model.__name__} in this company")


def trust_references(session: Session | scoped_session[Any], rows: Iterable[CompanyModel]) -> None:
    """Have what rows of the active company point at copied without asking: their foreign keys hold within it."""
    seen = remembered(session, "references_seen")
    for row in rows:
        if row.company_id == active_company():
            for table, attribute in _references(sa.inspect(type(row))):
                seen.setdefault(table, set()).add(getattr(row, attribute))


def at_hand(session: Session | scoped_session[Any], model: type[Row], key: int) -> Row | None:
    """Return the row if this session has met it in this company, so that nothing need be asked."""
    row: Row | None = session.identity_map.get(sa.orm.util.identity_key(model, key))
    return row if row is not None and row.__dict__.get("company_id") == active_company() is not None else None


@cache
def _references(mapper: Mapper[Any]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (column.info["references"], mapper.get_property_by_column(column).key)
        for column in mapper.columns
        if "references" in column.info
    )


@cache
def _class_of(table: str) -> type[CompanyModel]:
    for mapper in CompanyModel.registry.mappers:
        if mapper.local_table is not None and mapper.local_table.name == table:
            return mapper.class_  # type: ignore[no-any-return]  # SQLAlchemy does not say what it maps.
    raise IsolationError(f"no class for table {table}")


def _before_attach(_session: Session, row: Any) -> None:
    if isinstance(row, CompanyModel) and not _open.get():
        company_id = row.__dict__.get("company_id")
        if company_id is not None and company_id != active_company():
            raise IsolationError(f"{type(row).__name__} of another company")


def _check_loaded(row: CompanyModel, _context: Any, _attributes: Any = None) -> None:
    if not _open.get() and row.__dict__.get("company_id", active_company()) != active_company():
        raise IsolationError(f"{type(row).__name__} of another company was loaded")


def _check_written(_mapper: Any, _connection: Any, row: CompanyModel) -> None:
    # Runs after relationships have set their keys: it sees the company that will be written.
    if not _open.get() and (active_company() is None or row.company_id != active_company()):
        raise IsolationError(f"{type(row).__name__} written into another company")


for _name in ("before_insert", "before_update", "before_delete"):
    event.listen(CompanyModel, _name, _check_written, propagate=True)
for _name in ("load", "refresh"):
    event.listen(CompanyModel, _name, _check_loaded, propagate=True)
event.listen(CompanySession, "do_orm_execute", _on_execute)
event.listen(CompanySession, "before_flush", _before_flush)
event.listen(CompanySession, "before_attach", _before_attach)
