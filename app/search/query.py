"""Finding records by what somebody typed."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy.orm import aliased

from app.database.base import CompanyModel
from app.search.declaration import declaration_of
from app.search.models import SearchToken
from app.search.tokenizer import after, read_query


def is_searchable(model: type[CompanyModel]) -> bool:
    """Tell whether a model declares `__search__` or `__search_through__`."""
    declared = declaration_of(model)
    return bool(declared.values or declared.through)


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
    token = aliased(SearchToken)
    statement = _having(token, number, *first)
    for other in others:
        statement = statement.where(token.record_id.in_(_having(aliased(SearchToken), number, *other)))
    return statement


def _having(token: type[SearchToken], number: int, beginning: str, personal: Sequence[str]) -> Select[int]:
    conditions = [and_(token.personal == false(), *_range(token, beginning))]
    conditions.extend(and_(token.personal == true(), token.token == hashed) for hashed in personal)
    return select(token.record_id).where(token.model == number, or_(*conditions))


def _range(token: type[SearchToken], beginning: str) -> list[ColumnElement[bool]]:
    """Begins with, in operators that row-level security lets use an index: LIKE is not among them."""
    end = after(beginning)
    return [token.token >= beginning] if end is None else [token.token >= beginning, token.token < end]
