"""What a named column of a screen is: its label, its kind, its SQL, and how to read it from a record.

A name is a column ('arrived_on'), a relationship ('owner', shown by its title), a path over one
relationship ('partner.name'), or a property of the model ('minutes').
"""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, RelationshipProperty, aliased
from sqlalchemy.sql.elements import ColumnElement

from app.database.base import Model, title_column
from app.database.columns import Money, Quantity, UtcDateTime
from app.database.encryption import EncryptedText
from app.errors import ConfigurationError, Text
from app.i18n import _, humanize


class Kind(enum.StrEnum):
    """How a value is typed, shown, filtered and exported."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    INTEGER = "integer"
    QUANTITY = "quantity"
    MONEY = "money"
    DATE = "date"
    DATETIME = "datetime"
    CHOICE = "choice"
    BOOL = "bool"
    REFERENCE = "reference"
    SECRET = "secret"  # noqa: S105  # Encrypted at rest: neither sorted nor filtered by.
    COMPUTED = "computed"  # A property: shown, but the database does not know it.


NUMBERS = (Kind.INTEGER, Kind.QUANTITY, Kind.MONEY)


@dataclass(frozen=True)
class ScreenColumn:
    """One column of a list, a form or an export."""

    model: type[Model]
    name: str
    label: Text

    @cached_property
    def relation(self) -> InstrumentedAttribute[Any] | None:
        """The relationship the path goes over, if any."""
        first = self.name.partition(".")[0]
        attribute = getattr(self.model, first, None)
        if isinstance(attribute, InstrumentedAttribute) and isinstance(attribute.property, RelationshipProperty):
            return attribute
        if "." in self.name:
            raise ConfigurationError(f"{self.model.__name__}: {first!r} in {self.name!r} is not a relationship")
        return None

    @cached_property
    def target(self) -> Any:
        """The class at the other end: of the relationship, or of a reference column; None where there is none."""
        if self.relation is not None:
            return self.relation.property.mapper.class_
        column = self.model.__mapper__.columns.get(self.name)
        table = column.info.get("references") if column is not None else None
        return class_of_table(table) if table else None

    @cached_property
    def attribute(self) -> InstrumentedAttribute[Any] | None:
        """The mapped column that holds the value; None for a property."""
        owner: Any = self.model
        name = self.name
        if self.relation is not None:
            owner = self.target
            name = self.name.partition(".")[2] or title_column(owner)
        attribute = getattr(owner, name, None)
        if attribute is None:
            raise ConfigurationError(f"{self.model.__name__} has no column or property {self.name!r}")
        return attribute if isinstance(attribute, InstrumentedAttribute) else None

    @cached_property
    def kind(self) -> Kind:
        """The kind, from the type of the mapped column."""
        column = self.model.__mapper__.columns.get(self.name)
        if column is not None and "references" in column.info:
            return Kind.REFERENCE
        if self.attribute is None:
            return Kind.COMPUTED
        return _kind_of(self.attribute.type)

    @property
    def choices(self) -> Any:
        """The closed set of a CHOICE, an enum class; None for another kind."""
        kind = getattr(self.attribute, "type", None)
        return kind.enum_class if isinstance(kind, sa.Enum) else None

    @property
    def is_sortable(self) -> bool:
        """Tell whether the database can order by it."""
        return self.kind not in (Kind.COMPUTED, Kind.SECRET, Kind.LONG_TEXT, Kind.REFERENCE)

    @cached_property
    def may_be_record(self) -> bool:
        """Tell whether its value may be another record: that of a relationship, or of a property."""
        return self.attribute is None or self.relation is not None

    @cached_property
    def _path(self) -> list[str]:
        return self.name.split(".")

    def value_of(self, record: Any) -> Any:
        """Read it from a record; None where a relationship on the path is empty."""
        value = record
        for part in self._path:
            value = getattr(value, part, None)
            if value is None:
                return None
        return value

    def place_in(self, statement: sa.Select[Any]) -> tuple[sa.Select[Any], ColumnElement[Any]]:
        """Return the statement with the join it needs, and the SQL expression of the value."""
        if self.attribute is None:
            raise ConfigurationError(f"{self.name}: a property has no SQL")
        if self.relation is None:
            return statement, self.attribute.expression
        other = aliased(self.target)
        joined = statement.outerjoin(self.relation.of_type(other))
        return joined, getattr(other, self.attribute.key)


def screen_columns(model: type[Model], names: Any, labels: dict[str, Text]) -> tuple[ScreenColumn, ...]:
    """Return the columns of these names, each with its label; raises ConfigurationError for an unknown one."""
    columns = tuple(ScreenColumn(model, name, labels.get(name) or label_of(name)) for name in names)
    for column in columns:
        _ = column.kind  # Look it up now: a typo stops the start, not a request.
    return columns


def shown_names(model: type[Model], names: Sequence[str]) -> list[str]:
    """Return the names of columns as they are read: a reference is typed as an id, and shown as its record."""
    return [name.removesuffix("_id") if hasattr(model, name.removesuffix("_id")) else name for name in names]


def label_of(name: str) -> Text:
    """Return the label made from a name; 'partner.name' is labelled 'Partner'."""
    first, _dot, last = name.partition(".")
    return _(humanize(first if last in ("", "name", "title", "number") else last))


def class_of_table(table: str) -> type[Model]:
    """Return the mapped class of a table; raises ConfigurationError if nothing is mapped to it."""
    for mapper in Model.registry.mappers:
        if mapper.local_table is not None and mapper.local_table.name == table:
            return mapper.class_
    raise ConfigurationError(f"no model for table {table!r}")


def _kind_of(kind: Any) -> Kind:  # One line per type reads better than a table of lambdas.
    if isinstance(kind, EncryptedText):
        return Kind.SECRET
    if isinstance(kind, Money):
        return Kind.MONEY
    if isinstance(kind, Quantity):
        return Kind.QUANTITY
    if isinstance(kind, UtcDateTime | sa.DateTime):
        return Kind.DATETIME
    if isinstance(kind, sa.Date):
        return Kind.DATE
    if isinstance(kind, sa.Enum):
        return Kind.CHOICE
    if isinstance(kind, sa.Boolean):
        return Kind.BOOL
    if isinstance(kind, sa.Integer):
        return Kind.INTEGER
    return Kind.LONG_TEXT if isinstance(kind, sa.Text) else Kind.TEXT
