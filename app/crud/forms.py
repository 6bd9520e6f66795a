"""Builds the form of a view from its columns, and feeds it from a page or from JSON."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import has_request_context, request
from flask_wtf import FlaskForm
from flask_wtf.form import _Auto
from sqlalchemy import inspect
from werkzeug.datastructures import MultiDict
from wtforms import Form, HiddenField

from app.crud.columns import Kind, ScreenColumn, screen_columns
from app.crud.fields import (
    ChoiceField,
    DayField,
    DecimalField,
    FlagField,
    InstantField,
    LongTextField,
    ReferenceField,
    TextField,
    WholeNumberField,
)
from app.crud.line_fields import LinesField
from app.database.base import Model
from app.errors import AppError, Text, ValidationError
from app.i18n import _
from app.security.field_limits import LINE, NO_LIMITS, FieldLimits, locked

LARGEST_BODY_FIELDS = 20_000


class RecordForm(FlaskForm):
    """What every generated form carries besides its columns."""

    class Meta(FlaskForm.Meta):
        """Reads what a page posted: neither files nor JSON, which FlaskForm would take for fields as well."""

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Return the posted fields; None where nothing was posted."""
            if formdata is not _Auto:
                return formdata
            # An import fills the same form in a job, where there is no request.
            return request.form if has_request_context() and request.method == "POST" else None

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
    return LinesField(
        line_form(f"{line_model.__name__}LineForm", fields), lines.label, key=lines.key, maximum=lines.maximum
    )


def line_form(name: str, fields: Mapping[str, Any]) -> type[Any]:
    """Return the form class of one line, which says in `id` which line it is."""
    return form_class(name, {"id": HiddenField(), **fields}, Form)


def values_of(form: Any, names: Sequence[str]) -> dict[str, Any]:
    """Return the values of these fields, lines as lists of dicts."""
    return {
        name: form[name].rows if isinstance(form[name], LinesField) else form[name].data
        for name in names
        if name in form
    }


def formdata_of(
    body: Mapping[str, Any], kind: type[Form], names: Sequence[str], limits: FieldLimits = NO_LIMITS
) -> "MultiDict[str, str]":
    """Turn a JSON object into what a page would have posted, so that one form reads both.

    Raises ValidationError naming the field for an unknown name, or a value that cannot be of its kind; NotAllowed for
    one that the caller sees only. A hidden one is unknown to him.
    """
    flat: MultiDict[str, str] = MultiDict({"": ""})  # Never empty: a form without data would show what is kept.
    for name, value in body.items():
        if name not in names:
            raise _refusal(name, limits)
        unbound = getattr(kind, name)
        if unbound.field_class is LinesField:
            _flatten_lines(name, value, unbound.args[0], flat, limits)
        else:
            flat.add(name, _plain(name, value, unbound.field_class))
    tick_defaults(flat, kind, names)
    return flat


def tick_defaults(flat: "MultiDict[str, str]", kind: type[Form], names: Iterable[str], *, prefix: str = "") -> None:
    """Tick the flags that say yes by default and were left out.

    On a page a box without a tick was seen, and says no; what REST or a file does not name was never asked.
    """
    for name in names:
        unbound = getattr(kind, name)
        is_ticked = issubclass(unbound.field_class, FlagField) and unbound.kwargs.get("default")
        if is_ticked and f"{prefix}{name}" not in flat:
            flat.add(f"{prefix}{name}", "1")


def _flatten_lines(name: str, value: Any, kind: type[Form], flat: "MultiDict[str, str]", limits: FieldLimits) -> None:
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise ValidationError("body.value", _("'%(name)s' cannot be read."), field=name, name=name)
    for number, row in enumerate(value):
        for key, inner in row.items():
            if not hasattr(kind, key) or not hasattr(getattr(kind, key), "field_class"):
                raise _refusal(f"{name}.{key}", limits, f"{name}{LINE}{key}")
            flat.add(f"{name}-{number}-{key}", _plain(f"{name}.{key}", inner, getattr(kind, key).field_class))
            if len(flat) > LARGEST_BODY_FIELDS:
                raise ValidationError(
                    "body.too_large", _("At most %(limit)s values at once."), field=name, limit=LARGEST_BODY_FIELDS
                )
        if row.keys() - {"id"}:  # A tick alone would make a line of a blank one.
            columns = [column for column in dir(kind) if hasattr(getattr(kind, column), "field_class")]
            tick_defaults(flat, kind, columns, prefix=f"{name}-{number}-")


def _plain(name: str, value: Any, kind: type[Any]) -> str:
    """Return a JSON value as a page would post it; yes and no fit flags only."""
    if value is None:
        return ""
    if isinstance(value, bool) and issubclass(kind, FlagField):
        return "1" if value else "0"
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return str(value)
    raise ValidationError("body.value", _("'%(name)s' cannot be read."), field=name, name=name)


def _refusal(name: str, limits: FieldLimits, field: str = "") -> AppError:
    """Return why a field is not taken: it is shown only, or there is none of this name for the caller."""
    if limits.locks(field or name) and not limits.hides(field or name):
        return locked(name, name)
    shown = name.encode("utf-8", "replace").decode()[:80]
    return ValidationError("body.unknown", _("There is no field '%(name)s'."), field=shown, name=shown)


def _is_required(column: sa.Column[Any]) -> bool:
    return not column.nullable and column.default is None and column.server_default is None


def _default(column: sa.Column[Any]) -> Any:
    default = column.default
    return default.arg if isinstance(default, sa.ColumnDefault) and default.is_scalar else None
