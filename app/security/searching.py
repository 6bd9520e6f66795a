"""Finding records by what somebody typed, without telling him by it what is in a field that he does not see.

The tokens of the search do not say from which column they come. Where an open column of the search is hidden, every
word must therefore stand in one of the others as well; it is not found by its pinyin then.
"""

from typing import Any

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.database.base import CompanyModel
from app.database.encryption import is_encrypted
from app.search.declaration import declaration_of
from app.search.query import matching_ids
from app.search.tokenizer import read_query
from app.security.field_limits import FieldLimits, limits_of
from app.security.scope import resource_of


def found_by(
    model: type[CompanyModel], text: str, *, actor: User, include_personal: bool = False
) -> sa.ColumnElement[bool]:
    """Return the condition that a record matches all words of a text, as `matching_ids` finds them."""
    limits = limits_of(actor, resource_of(model))
    numbers = include_personal and not _hides_numbers(model, limits)
    found: sa.ColumnElement[bool] = model.id.in_(matching_ids(model, text, include_personal=numbers))
    return sa.and_(found, _stands_in_shown(model, text, limits)) if _hides_words(model, limits) else found


def _hides_numbers(model: type[CompanyModel], limits: FieldLimits) -> bool:
    """Tell whether a hidden field may be one of the numbers: it is encrypted, or no column of the record itself."""
    columns = sa.inspect(model).columns
    hidden = [name for name in limits.levels if limits.hides(name)]
    return any(name not in columns or is_encrypted(columns[name].type) for name in hidden)


def _hides_words(model: type[CompanyModel], limits: FieldLimits) -> bool:
    if not limits:
        return False
    declared = declaration_of(model)
    searched = declared.values or (declaration_of(declared.through_model).values if declared.through_model else ())
    return any(limits.hides(one.attribute) for one in searched if not one.personal)


def _stands_in_shown(model: type[CompanyModel], text: str, limits: FieldLimits) -> sa.ColumnElement[bool]:
    """Return the condition that each word stands in a column of the search that is shown."""
    declared = declaration_of(model)
    searched: type[Any] = declared.through_model or model
    shown = [
        getattr(searched, one.attribute)
        for one in declaration_of(searched).values
        if one.part is None and not one.personal and not limits.hides(one.attribute)
    ]
    words = [piece for word in read_query(text) for piece in word.beginnings]
    within = [sa.or_(sa.false(), *(column.icontains(word, autoescape=True) for column in shown)) for word in words]
    if declared.through is None:
        return sa.and_(sa.true(), *within)
    return getattr(model, declared.through).in_(sa.select(searched.id).where(*within))
