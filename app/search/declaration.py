"""What a model declares to be searchable.

`__search__ = ("number", "name", "points.value")` names columns of the model, or of rows a relationship leads to;
encrypted columns give personal tokens. Such rows declare `__search_for__ = "partner"`, the relationship back.
A model that says `__search_through__ = "partner"` has no tokens of its own: it is found by those of that record.
"""

import zlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Mapper, class_mapper

from app.database.base import CompanyModel
from app.database.encryption import is_encrypted
from app.errors import ConfigurationError


@dataclass(frozen=True)
class SearchedValue:
    """One searched column: of the model itself, or of the rows of another one, its `part`."""

    attribute: str
    personal: bool
    part: type[CompanyModel] | None = None


@dataclass(frozen=True)
class Declaration:
    """A model's searched values; or the record that its rows are searched for, and the attribute with its id."""

    number: int  # Stands for the table in the tokens: four bytes in place of its name, millions of times.
    values: tuple[SearchedValue, ...]
    parent: type[CompanyModel] | None
    parent_attribute: str | None
    through: str | None  # The attribute with the id of the record it is found by,
    through_model: type[CompanyModel] | None  # and that record's class.


_declarations: dict[type[CompanyModel], Declaration] = {}


def declaration_of(model: type[CompanyModel]) -> Declaration:
    """Return what a model declares. Raises ConfigurationError for a name that is no column or relationship."""
    if model not in _declarations:
        _declarations[model] = _read(model)
    return _declarations[model]


def _read(model: type[CompanyModel]) -> Declaration:
    values = tuple(_read_value(model, path) for path in getattr(model, "__search__", ()))
    parent, parent_attribute = _target(model, getattr(model, "__search_for__", None))
    through_model, through = _target(model, getattr(model, "__search_through__", None))
    number = zlib.crc32(model.__tablename__.encode()) & 0x7FFFFFFF
    return Declaration(number, values, parent, parent_attribute, through, through_model)


def _target(model: type[CompanyModel], name: str | None) -> tuple[type[CompanyModel] | None, str | None]:
    """Return the class that a many-to-one relationship leads to, and the attribute with the id."""
    if name is None:
        return None, None
    mapper: Mapper[Any] = class_mapper(model)
    (column,) = mapper.relationships[name].local_columns
    return mapper.relationships[name].mapper.class_, mapper.get_property_by_column(column).key


def _read_value(model: type[CompanyModel], path: str) -> SearchedValue:
    relationship, _dot, attribute = path.rpartition(".")
    mapper: Mapper[Any] = class_mapper(model)
    part: type[CompanyModel] | None = None
    if relationship:
        if relationship not in mapper.relationships:
            raise ConfigurationError(f"{model.__name__}.__search__: {path!r} goes through no relationship")
        mapper = mapper.relationships[relationship].mapper
        part = mapper.class_
        if not hasattr(part, "__search_for__"):
            raise ConfigurationError(f"{part.__name__} needs __search_for__, because {model.__name__} is found by it")
    if attribute not in mapper.column_attrs:
        raise ConfigurationError(f"{model.__name__}.__search__: {path!r} is no column")
    return SearchedValue(attribute, is_encrypted(mapper.columns[attribute].type), part)
