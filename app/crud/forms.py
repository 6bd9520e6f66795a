"""Builds the form of a view from its columns, and feeds it from a page or from JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_wtf import FlaskForm
from sqlalchemy import inspect
from werkzeug.datastructures import MultiDict
from wtforms import Form, HiddenField

from app.crud.columns import Kind, ScreenColumn, screen_columns
from app.crud.fields import (
    ChoiceField, DayField, DecimalField, FlagField, InstantField, LinesField, LongTextField, ReferenceField, TextField,
    WholeNumberField,
)
from app.database.base import Model
from app.errors import Text, ValidationError
from app.i18n import _

LARGEST_BODY_FIELDS = 20_000


class RecordForm(FlaskForm):
    """What every generated form carries besides its columns."""

    version = HiddenField()
    submission_key = HiddenField()


@dataclass(frozen=True)
class Lines:
    """Lines that are edited inside their parent's form. `key` is the column without which a line is blank."""

    name: str
    columns: Sequence[str]
    key: str
    label: Text = ""
    maximum: int = 500


def form_class(name: str, fields: Mapping[str, Any], base: type[Form] = RecordForm) -> type[Any]:
    """Return a form class with these fields, in this order."""
    return type(name, (base,), dict(fields))


def column_fields(columns: Sequence[ScreenColumn], lookup_url: str, extra: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of these columns; `extra` names fields that are not columns, or replaces one."""
    return {
        column.name: extra.get(column.name) or field_for(column, f"{lookup_url}/{column.name}") for column in columns
    }


def field_for(column: ScreenColumn, lookup_url: str = "") -> Any:
    """Return the field of one column."""
    mapped = column.model.__mapper__.columns[column.name]
    options: dict[str, Any] = {"required": _is_required(mapped), "default": _default(mapped)}
    match column.kind:
        case Kind.REFERENCE:
            return ReferenceField(column.label, target=column.target, url=lookup_url, **options)
        case Kind.MONEY:
            return DecimalField(column.label, places=2, **options)
        case Kind.QUANTITY:
            return DecimalField(column.label, places=6, **options)
        case Kind.INTEGER:
            return WholeNumberField(column.label, **options)
        case Kind.DATE:
            return DayField(column.label, **options)
        case Kind.DATETIME:
            return InstantField(column.label, **options)
        case Kind.CHOICE:
            return ChoiceField(column.label, choices=column.choices, **options)
        case Kind.BOOL:
            return FlagField(column.label, default=options["default"])
        case Kind.LONG_TEXT:
            return LongTextField(column.label, maximum=4_000, **options)
        case _:
            return TextField(column.label, maximum=getattr(mapped.type, "length", None), **options)


def lines_field(model: type[Model], lines: Lines, labels: dict[str, Text], lookup_url: str) -> Any:
    """Return the field of a record's lines."""
    line_model = inspect(model).relationships[lines.name].mapper.class_
    columns = screen_columns(line_model, lines.columns, labels)
    fields = column_fields(columns, f"{lookup_url}/{lines.name}", {})
    line_form = form_class(f"{line_model.__name__}LineForm", {"id": HiddenField(), **fields}, Form)
    return LinesField(line_form, lines.label, key=lines.key, maximum=lines.maximum)


def values_of(form: Any, names: Sequence[str]) -> dict[str, Any]:
    """Return the values of these fields, lines as lists of dicts."""
    return {
        name: form[name].rows if isinstance(form[name], LinesField) else form[name].data
        for name in names if name in form
    }


def formdata_of(body: Any, names: Sequence[str]) -> "MultiDict[str, str]":
    """Turn a JSON object into what a page would have posted, so that one form reads both.

    Raises ValidationError for a body that is no object, an unknown name, or a value of no known type.
    """
    if not isinstance(body, dict):
        raise ValidationError("body.object", _("Send a JSON object."))
    for name in body:
        if name not in names:
            raise ValidationError("body.unknown", _("There is no field '%(name)s'."), field=str(name)[:80], name=str(name)[:80])
    flat: MultiDict[str, str] = MultiDict()
    for name, value in body.items():
        _flatten(name, value, flat)
    return flat


def _flatten(name: str, value: Any, flat: "MultiDict[str, str]") -> None:
    if len(flat) > LARGEST_BODY_FIELDS:
        raise ValidationError("body.too_large", _("At most %(limit)s values at once."), limit=LARGEST_BODY_FIELDS)
    match value:
        case None:
            flat.add(name, "")
        case bool():
            flat.add(name, "1" if value else "0")
        case str() | int() | float():
            flat.add(name, str(value))
        case list() if all(isinstance(row, dict) for row in value):
            for number, row in enumerate(value):
                for key, inner in row.items():
                    _flatten(f"{name}-{number}-{key}", inner, flat)
        case _:
            raise ValidationError("body.value", _("'%(name)s' cannot be read."), field=name, name=name)


def _is_required(column: sa.Column[Any]) -> bool:
    return not column.nullable and column.default is None and column.server_default is None


def _default(column: sa.Column[Any]) -> Any:
    default = column.default
    return default.arg if isinstance(default, sa.ColumnDefault) and default.is_scalar else None
