"""What the filter box of a list offers, and the chips of the filters in force."""

from typing import Any, TypedDict

from flask import request
from flask_babel import gettext
from wtforms import BooleanField, DateField, DateTimeField, Field, IntegerField
from wtforms.fields import DecimalField, FloatField

_KINDS: tuple[tuple[type[Field], str], ...] = (
    (BooleanField, "bool"),
    (DateTimeField, "datetime"),
    (DateField, "date"),
    (IntegerField, "number"),
    (DecimalField, "number"),
    (FloatField, "number"),
)


class FilterColumn(TypedDict, total=False):
    """A column to filter by: its operators (index, words) and, for a closed set, its values (value, words)."""

    name: str
    label: str
    kind: str
    operators: list[tuple[int, str]]
    choices: list[tuple[str, str]]


class Chip(TypedDict):
    """A filter in force, in words; `key` and `raw` are the argument of the address to take away."""

    label: str
    op: str
    value: str
    key: str
    raw: str


def stock_filter_columns(form: Any, names: list[str], operators: dict[str, list[str]]) -> list[FilterColumn]:
    """Return the filter columns of a view that FAB generates itself, read from its search form."""
    columns: list[FilterColumn] = []
    for name in names:
        field = form[name]
        choices = _choices(field)
        kind = "choice" if choices else next((kind for type_, kind in _KINDS if isinstance(field, type_)), "text")
        columns.append(
            FilterColumn(
                name=name,
                label=str(field.label.text),
                kind=kind,
                operators=list(enumerate(operators.get(name, []))),
                choices=choices,
            )
        )
    return columns


def filter_chips(columns: list[FilterColumn]) -> list[Chip]:
    """Return the filters in this page's address, in words; what the address makes up is left out."""
    by_name = {column["name"]: column for column in columns}
    chips: list[Chip] = []
    for argument, raw in request.args.items(multi=True):
        index, _separator, name = argument.removeprefix("_flt_").partition("_")
        column = by_name.get(name)
        if not argument.startswith("_flt_") or column is None or not index.isdigit():
            continue
        operator = dict(column["operators"]).get(int(index))
        if operator is not None:
            value = _words(column, raw)
            chips.append(Chip(label=column["label"], op=operator, value=value, key=argument, raw=raw))
    return chips


def _choices(field: Field) -> list[tuple[str, str]]:
    if not hasattr(field, "iter_choices"):  # SelectField, and FAB's own query-backed selects.
        return []
    return [(str(choice[0]), str(choice[1])) for choice in field.iter_choices() if str(choice[0]) not in ("", "__None")]


def _words(column: FilterColumn, raw: str) -> str:
    if column["kind"] == "bool":
        return gettext("Yes") if raw.lower() in ("1", "y", "true", "yes") else gettext("No")
    return dict(column.get("choices", [])).get(raw) or raw
