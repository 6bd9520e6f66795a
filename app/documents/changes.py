"""An audit entry in words: labelled columns, and values as people read them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from app.database.base import CompanyModel, Model
from app.database.columns import UtcDateTime
from app.database.session import session
from app.errors import Text
from app.i18n import _, humanize

_LONGEST = 200  # Characters of one value; the record itself shows the whole.
Titles = Mapping[tuple[str, int], str]  # (column, id) -> title of the record referred to.


@dataclass(frozen=True)
class Change:
    """One column: its label, and what stood there before and after."""

    label: Text
    old: str
    new: str


def describe_changes(
    model: type[CompanyModel], changes: Sequence[Mapping[str, Sequence[Any]]], *, zone: ZoneInfo
) -> list[list[Change]]:
    """Return each of these changes ({column: [old, new]}) in words; instants are those of the time zone.

    References become the titles of their records, with one statement per table that is referred to.
    """
    titles = _titles(model, changes)
    return [[_change(model, name, values, titles, zone) for name, values in one.items()] for one in changes]


def _change(model: type[CompanyModel], name: str, values: Sequence[Any], titles: Titles, zone: ZoneInfo) -> Change:
    column = sa.inspect(model).columns.get(name)
    kind = None if column is None else column.type
    old, new = (_word(name, value, kind, titles, zone) for value in values)
    return Change(_(humanize(name)), old, new)


def _word(name: str, value: Any, kind: Any, titles: Titles, zone: ZoneInfo) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if isinstance(value, list):
        return ", ".join(map(str, value))[:_LONGEST]
    if isinstance(kind, sa.Enum):
        return str(_(humanize(str(value))))
    if isinstance(kind, UtcDateTime):
        return f"{dt.datetime.fromisoformat(value).astimezone(zone):%Y-%m-%d %H:%M}"
    return titles.get((name, value), str(value)[:_LONGEST]) if isinstance(value, int) else str(value)[:_LONGEST]


def _titles(model: type[CompanyModel], changes: Iterable[Mapping[str, Sequence[Any]]]) -> dict[tuple[str, int], str]:
    wanted: dict[str, set[int]] = defaultdict(set)
    for one in changes:
        for name, values in one.items():
            wanted[name].update(value for value in values if isinstance(value, int))
    by_target: dict[type[Model], dict[str, set[int]]] = defaultdict(dict)
    for name, target in _targets(model).items():
        if wanted[name]:
            by_target[target][name] = wanted[name]
    titles = {}
    for target, columns in by_target.items():
        for record in session.scalars(sa.select(target).where(target.id.in_(set().union(*columns.values())))):
            titles.update({(name, record.id): str(record) for name, keys in columns.items() if record.id in keys})
    return titles


def _targets(model: type[CompanyModel]) -> dict[str, type[Model]]:
    """Return the class that each column refers to: as its many-to-one relationship says, else as the column does."""
    mapper = sa.inspect(model)
    classes = {table.name: one.class_ for one in Model.registry.mappers if (table := one.local_table) is not None}
    referred = {column.key: column.info.get("references") for column in mapper.columns}
    related = {
        mapper.get_property_by_column(column).key: relation.mapper.class_
        for relation in mapper.relationships
        if relation.direction.name == "MANYTOONE"
        for column in relation.local_columns
    }
    return {key: classes[table] for key, table in referred.items() if table in classes} | related
