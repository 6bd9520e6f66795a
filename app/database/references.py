"""Who points at a record: read from the tables' metadata, so that no add-on has to say."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import current_app

from app.database.base import CompanyModel
from app.database.session import session


class Reference(NamedTuple):
    """A column of a model that names a record of another table."""

    model: type[CompanyModel]
    attribute: str

    @property
    def column(self) -> Any:
        """The mapped attribute."""
        return getattr(self.model, self.attribute)

    def unique_with(self) -> list[tuple[str, ...]]:
        """Return the other attributes of each unique key that this column is part of; () where it stands alone."""
        mapper: Any = sa.inspect(self.model)
        own = mapper.columns[self.attribute]
        found = []
        for columns in _unique_keys(mapper.local_table):
            if own in columns:
                rest = [column for column in columns if column is not own and not column.info.get("company")]
                found.append(tuple(mapper.get_property_by_column(column).key for column in rest))
        return found


def references_to(table: str) -> Sequence[Reference]:
    """Return every reference to this table in the tables of the platform and of installed add-ons, by name."""
    installed = {model for setup in current_app.extensions.get("setups", ()) for model in setup.models}
    found = []
    for mapper in CompanyModel.registry.mappers:
        model: Any = mapper.class_
        if model in installed or model.__module__.startswith("app."):
            found += [
                Reference(model, mapper.get_property_by_column(column).key)
                for column in mapper.columns
                if column.info.get("references") == table
            ]
    return sorted(found, key=lambda one: (one.model.__tablename__, one.attribute))


def count_uses(record: CompanyModel) -> dict[type[CompanyModel], int]:
    """Return how many rows of each model point at a record; models without one are left out."""
    found: dict[type[CompanyModel], int] = {}
    for reference in references_to(type(record).__tablename__):
        count = sa.select(sa.func.count()).select_from(reference.model).where(reference.column == record.id)
        if number := session.scalar(count):
            found[reference.model] = found.get(reference.model, 0) + number
    return found


def _unique_keys(table: Any) -> list[set[Any]]:
    keys = [key for key in table.constraints if isinstance(key, sa.UniqueConstraint)]
    indexes = [index for index in table.indexes if index.unique]
    return [set(key.columns) for key in [*keys, *indexes]]
