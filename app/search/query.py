"""Finding records by what somebody typed."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Select, false, select, true, union_all
from sqlalchemy.orm import aliased

from app.database.base import CompanyModel
from app.search.declaration import declaration_of
from app.search.models import SearchToken
from app.search.tokenizer import after, read_query


def is_searchable(model: type[CompanyModel]) -> bool:
    """Tell whether a model declares `__search__` or `__search_through__`."""
    declared = declaration_of(model)
    return bool(declared.values or declared.through)


def asks_for_number(text: str) -> bool:
    """Tell whether a typed text may be a phone or identity number, whole or its last four."""
    return any(word.personal for word in read_query(text, include_personal=True))


def matching_ids(model: type[CompanyModel], text: str, *, include_personal: bool = False) -> Select[int]:
    """Return a select of the ids of this company's records that match all words of a typed text; ids may repeat.

    For `where(Model.id.in_(matching_ids(Model, text)))`. Phone and identity numbers count, whole or by their last
    four, only with `include_personal`. A text with nothing to search for matches nothing.
    """
    declared = declaration_of(model)
    if declared.through is not None and declared.through_model is not None:
        record = aliased(model)  # The caller's statement may select from the model itself.
        found = matching_ids(declared.through_model, text, include_personal=include_personal)
        return select(record.id).where(getattr(record, declared.through).in_(found))
    number = declared.number
    # "(王 and 小明) or hash" is "(王 or hash) and (小明 or hash)": one plain condition for each beginning.
    wanted = [
        (beginning, word.personal)
        for word in read_query(text, include_personal=include_personal)
        for beginning in word.beginnings
    ]
    if not wanted:
        return select(SearchToken.record_id).where(false())
    first, *others = wanted
    statement = _having(number, *first)
    record_id = statement.selected_columns[0]
    for other in others:
        statement = statement.where(record_id.in_(_having(number, *other)))
    return statement


def ids_with_numbers(model: type[CompanyModel], hashes: Collection[str]) -> Select[int]:
    """Return a select of the ids of records with one of these numbers, by their `number_hash`: nothing is decrypted."""
    return select(SearchToken.record_id).where(
        SearchToken.model == declaration_of(model).number, SearchToken.personal == true(), SearchToken.token.in_(hashes)
    )


def _having(number: int, beginning: str, personal: Sequence[str]) -> Select[int]:
    """Each alternative is a select of its own, so that each is sure to use the index: with OR it may not."""
    token = aliased(SearchToken)
    open_ones = select(token.record_id).where(
        token.model == number, token.personal == false(), *_range(token, beginning)
    )
    if not personal:
        return open_ones
    hidden = aliased(SearchToken)
    hidden_ones = select(hidden.record_id).where(
        hidden.model == number, hidden.personal == true(), hidden.token.in_(personal)
    )
    either = union_all(open_ones, hidden_ones).subquery()
    return select(either.c.record_id)


def _range(token: type[SearchToken], beginning: str) -> list[ColumnElement[bool]]:
    """Begins with, in operators that row-level security lets use an index: LIKE is not among them."""
    end = after(beginning)
    return [token.token >= beginning] if end is None else [token.token >= beginning, token.token < end]
