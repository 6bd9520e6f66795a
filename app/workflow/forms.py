"""The form of a transition: a field for everything its service asks for."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum
from typing import Any

from wtforms import Form, fields
from wtforms.validators import InputRequired, Length, Optional

from app.database.base import Model
from app.i18n import _, humanize
from app.workflow.arguments import Argument
from app.workflow.transition import Transition

_LINE = 200  # A longer text gets more than one line.


class RecordField(fields.IntegerField):  # type: ignore[misc]  # WTForms is untyped.
    """The id of a record of `target`; crud shows it as a searched combobox."""

    def __init__(self, *args: Any, target: type[Model], **options: Any) -> None:
        super().__init__(*args, **options)
        self.target = target

    def process_data(self, value: Any) -> None:
        """Take a record as well as an id."""
        super().process_data(value.id if isinstance(value, Model) else value)


class RecordListField(fields.StringField):  # type: ignore[misc]  # As above.
    """Ids of records of `target`; crud shows it as a combobox that takes several."""

    def __init__(self, *args: Any, target: type[Model], **options: Any) -> None:
        super().__init__(*args, **options)
        self.target = target


def form_for(transition: Transition) -> type[Form]:
    """Return a form class with one field per argument. What is sent is read by `arguments.load`, not by it."""
    made = {name: _field(argument) for name, argument in transition.arguments.items()}
    return type(f"{transition.name.title().replace('_', '')}Form", (Form,), made)


def _field(argument: Argument) -> fields.Field:
    options: dict[str, Any] = {
        "label": argument.label,
        "validators": [InputRequired() if argument.is_required else Optional()],
    }
    if not argument.is_required and not argument.may_be_none:
        options["default"] = argument.default
    return _many(argument, options) if argument.is_list else _one(argument, options)


def _many(argument: Argument, options: dict[str, Any]) -> fields.Field:
    if issubclass(argument.kind, Model):
        return RecordListField(target=argument.kind, **options)
    if issubclass(argument.kind, StrEnum):
        return fields.SelectMultipleField(choices=_choices(argument.kind), **options)
    return fields.TextAreaField(**options)  # One per line.


def _one(argument: Argument, options: dict[str, Any]) -> fields.Field:
    kind = argument.kind
    if issubclass(kind, Model):
        return RecordField(target=kind, **options)
    if issubclass(kind, StrEnum):
        blank = [] if argument.is_required else [fields.SelectChoice("", "")]
        return fields.SelectField(choices=[*blank, *_choices(kind)], **options)
    if issubclass(kind, str):
        options["validators"].append(Length(max=argument.max_length))
        if argument.parts is not None:
            parts = argument.parts
            counted = {"first": parts.first, "further": parts.further, "extra": parts.extra()}
            options["render_kw"] = {f"data-parts-{name}": number for name, number in counted.items()}
        return (fields.TextAreaField if argument.max_length > _LINE else fields.StringField)(**options)
    if kind is bool:
        options["validators"] = []  # An unticked box is an answer.
        return fields.BooleanField(**options)
    plain: dict[type, Callable[..., fields.Field]] = {
        int: fields.IntegerField,
        Decimal: fields.DecimalField,
        dt.date: fields.DateField,
        dt.datetime: fields.DateTimeLocalField,
    }
    return plain[kind](**options)


def _choices(kind: type[StrEnum]) -> list[Any]:
    return [fields.SelectChoice(member.value, _(humanize(member.value))) for member in kind]
