"""Keeping tokens true: as rows are flushed, for rows written in bulk, and all over again."""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, delete, event, inspect, select
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.orm.attributes import History
from sqlalchemy.orm.state import InstanceState

from app.database.base import CompanyModel
from app.database.isolation import CompanySession
from app.database.late_rows import insert_rows
from app.search.declaration import SearchedValue, declaration_of
from app.search.models import SearchToken
from app.search.tokenizer import open_tokens, personal_tokens

BATCH = 1000  # Records whose tokens are made and written together.

_Token = tuple[bool, str]
_Tokens = defaultdict[int, set[_Token]]
_Noted = defaultdict[type[CompanyModel], set[int]]
# Which records: a condition on the column that holds their id.
_Within = Callable[[InstrumentedAttribute[int]], ColumnElement[bool]]


def index_records(session: Session, model: type[CompanyModel], ids: Collection[int]) -> None:
    """Write the tokens of these records anew. For rows written past the flush: `execute(insert(Model), rows)`."""
    ordered = sorted(set(ids))
    for start in range(0, len(ordered), BATCH):
        batch = ordered[start : start + BATCH]
        tokens = _read_tokens(session, model, _among(batch))
        _forget(session, model, batch)
        _write(session, model, tokens)


def rebuild(session: Session, model: type[CompanyModel]) -> int:
    """Make the active company's tokens of a model anew, in batches; returns how many records it went through.

    For a model that became searchable, or after a change of what is indexed. The caller commits.
    """
    number = declaration_of(model).number
    session.execute(
        delete(SearchToken).where(SearchToken.model == number), execution_options={"synchronize_session": False}
    )
    last, count = 0, 0
    while ids := session.scalars(select(model.id).where(model.id > last).order_by(model.id).limit(BATCH)).all():
        first, last = ids[0], ids[-1]
        _write(session, model, _read_tokens(session, model, _between(first, last)))
        count += len(ids)
    return count


def _among(ids: Sequence[int]) -> _Within:
    return lambda column: column.in_(ids)


def _between(first: int, last: int) -> _Within:
    """A range: for a long list of ids PostgreSQL walks the whole company while it has no statistics yet."""
    return lambda column: column.between(first, last)


def _read_tokens(session: Session, model: type[CompanyModel], within: _Within) -> _Tokens:
    """Read what is searched of these records from the database, as it was flushed, and make the tokens."""
    tokens = _Tokens(set)
    by_part: dict[type[CompanyModel] | None, list[SearchedValue]] = defaultdict(list)
    for value in declaration_of(model).values:
        by_part[value.part].append(value)
    for part, values in by_part.items():
        source = part or model
        record_id = getattr(source, declaration_of(source).parent_attribute or "id") if part else model.id
        columns = [getattr(source, value.attribute) for value in values]
        for found_id, *texts in session.execute(select(record_id, *columns).where(within(record_id))):
            for value, text in zip(values, texts, strict=True):
                tokens[found_id] |= _make(value, text)
    return tokens


def _make(value: SearchedValue, text: str | None) -> set[_Token]:
    if not text:
        return set()
    return {(value.personal, token) for token in (personal_tokens(text) if value.personal else open_tokens(text))}


def _write(session: Session, model: type[CompanyModel], tokens: _Tokens) -> None:
    number = declaration_of(model).number
    insert_rows(
        session,
        SearchToken,
        [
            {"model": number, "record_id": record_id, "personal": personal, "token": token}
            for record_id, made in sorted(tokens.items())
            for personal, token in sorted(made)
        ],
    )


def _forget(session: Session, model: type[CompanyModel], ids: Collection[int]) -> None:
    number = declaration_of(model).number
    session.execute(
        delete(SearchToken).where(SearchToken.model == number, SearchToken.record_id.in_(sorted(ids))),
        execution_options={"synchronize_session": False},
    )


def _after_flush(session: Session, _context: object) -> None:
    new = _index_new(session)
    changed, deleted = _Noted(set), _Noted(set)
    for row in session.new:
        _note_parents(row, changed)
    for row in session.dirty:
        if isinstance(row, CompanyModel) and _is_search_changed(row):
            if declaration_of(type(row)).values and not _index_added(session, row):
                changed[type(row)].add(row.id)
            _note_parents(row, changed)
    for row in session.deleted:
        if isinstance(row, CompanyModel) and declaration_of(type(row)).values:
            deleted[type(row)].add(row.id)
        _note_parents(row, changed)
    for model, ids in deleted.items():
        _forget(session, model, ids)
    for model, ids in changed.items():
        if remaining := ids - new[model] - deleted[model]:
            _lock(session, model, remaining)
            index_records(session, model, remaining)


def _index_new(session: Session) -> _Noted:
    """Index new records from memory: their parts can only be in the same flush."""
    made: dict[type[CompanyModel], _Tokens] = defaultdict(lambda: _Tokens(set))
    rows = [row for row in session.new if isinstance(row, CompanyModel)]
    for row in rows:
        for value in declaration_of(type(row)).values:
            made[type(row)][row.id] |= set() if value.part else _make(value, _kept(row, value.attribute))
    for row in rows:
        declared = declaration_of(type(row))
        if declared.parent and declared.parent_attribute:
            parent_id = _kept(row, declared.parent_attribute)
            if parent_id in made[declared.parent]:
                for value in _values_of_part(declared.parent, type(row)):
                    made[declared.parent][parent_id] |= _make(value, _kept(row, value.attribute))
    for model, tokens in made.items():
        _write(session, model, tokens)
    return _Noted(set, {model: set(tokens) for model, tokens in made.items()})


def _index_added(session: Session, row: CompanyModel) -> bool:
    """Write what a change merely added, such as a number where none was; tell whether that is all there is to do."""
    values = declaration_of(type(row)).values
    before: set[_Token] = set()
    after: set[_Token] = set()
    for value in values:
        if value.part is not None or value.attribute not in inspect(row).dict:
            return False
        history = _history(row, value.attribute)
        if history.added and not history.deleted:  # It was set without being read.
            return False
        before |= _make(value, next(iter(history.non_added()), None))
        after |= _make(value, _kept(row, value.attribute))
    if before - after:
        return False
    _write(session, type(row), _Tokens(set, {row.id: after - before}))
    return True


def _history(row: CompanyModel, attribute: str) -> History:
    state: InstanceState[Any] = inspect(row)
    return state.attrs[attribute].history


def _kept(row: CompanyModel, attribute: str) -> Any:
    return inspect(row).dict.get(attribute)


def _values_of_part(model: type[CompanyModel], part: type[CompanyModel]) -> list[SearchedValue]:
    return [value for value in declaration_of(model).values if value.part is part]


def _note_parents(row: object, noted: _Noted) -> None:
    """Note the records that a row belongs to, or belonged to before its change."""
    if isinstance(row, CompanyModel):
        declared = declaration_of(type(row))
        if declared.parent and declared.parent_attribute:
            ids = _history(row, declared.parent_attribute).sum()
            noted[declared.parent].update(record_id for record_id in ids if record_id is not None)


def _is_search_changed(row: CompanyModel) -> bool:
    """Tell whether a column changed that the row itself, or the record that it belongs to, is searched by."""
    declared = declaration_of(type(row))
    watched = [value.attribute for value in declared.values if value.part is None]
    if declared.parent and declared.parent_attribute:
        watched += [declared.parent_attribute]
        watched += [value.attribute for value in _values_of_part(declared.parent, type(row))]
    return any(_history(row, attribute).has_changes() for attribute in watched)


def _lock(session: Session, model: type[CompanyModel], ids: Collection[int]) -> None:
    """Make two who add to one record at once take turns, or both would write its name's tokens."""
    session.execute(select(model.id).where(model.id.in_(sorted(ids))).order_by(model.id).with_for_update()).all()


event.listen(CompanySession, "after_flush", _after_flush)
