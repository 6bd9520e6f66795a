"""Reads what a service asks for from a form or a JSON body, guided by the service's annotations."""

import datetime as dt
import inspect
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from flask_babel import LazyString

from app.database.base import Model
from app.errors import ConfigurationError, ValidationError
from app.i18n import _, humanize
from app.masterdata.normalise import MONEY_PLACES, QUANTITY_PLACES
from app.workflow.conversion import EXPECTED, convert
from app.workflow.moment import MOMENT

MAX_ITEMS = 1_000
_KINDS = (bool, int, str, Decimal, dt.date, StrEnum, Model)  # A datetime is a date.
_GIVEN = ("actor", *MOMENT)  # The engine gives these; nobody types them.
_REQUIRED = inspect.Parameter.empty


@dataclass(frozen=True)
class MaxLength:
    """How many characters a text may have: `Annotated[str, MaxLength(40)]`. Unsaid, it is 200."""

    limit: int


@dataclass(frozen=True)
class TextParts:
    """How a text is cut into messages: its page counts along. `extra` is what comes before it, in UTF-16 units."""

    first: int
    further: int
    extra: Callable[[], int]


@dataclass(frozen=True)
class Places:
    """How many decimals a number may have: `Annotated[Decimal, Places(2)]`. Unsaid, it is 6."""

    limit: int


LongText = Annotated[str, MaxLength(4_000)]
Amount = Annotated[Decimal, Places(MONEY_PLACES)]  # Money: a third decimal is refused, never rounded (R4).


@dataclass(frozen=True)
class Argument:
    """One argument of a service, as its annotation says."""

    name: str
    kind: type
    is_list: bool = False
    may_be_none: bool = False
    default: Any = _REQUIRED
    max_length: int = 200
    places: int = QUANTITY_PLACES
    parts: TextParts | None = None

    @property
    def is_required(self) -> bool:
        """Tell whether it must be given."""
        return not self.may_be_none and self.default is _REQUIRED

    @property
    def label(self) -> LazyString:
        """What people read before the field."""
        return _(humanize(self.name))

    def to_dict(self) -> dict[str, Any]:
        """Return what REST tells about it."""
        described: dict[str, Any] = {
            "name": self.name,
            "label": str(self.label),
            "type": _type_name(self.kind),
            "list": self.is_list,
            "required": self.is_required,
        }
        if issubclass(self.kind, StrEnum):
            described["choices"] = [member.value for member in self.kind]
        if issubclass(self.kind, Decimal):
            described["decimals"] = self.places
        return described


def arguments_of(service: Callable[..., Any]) -> dict[str, Argument]:
    """Return what the service asks for besides the document, the actor and the clock.

    Raises ConfigurationError for a type that neither a form nor JSON can carry.
    """
    hints = typing.get_type_hints(service, include_extras=True)
    parameters = list(inspect.signature(service).parameters.values())[1:]
    return {item.name: _argument(item, hints.get(item.name), service) for item in parameters if item.name not in _GIVEN}


def load(source: Mapping[str, Any], arguments: Mapping[str, Argument]) -> dict[str, Any]:
    """Return typed values from a form (anything with `getlist`) or a JSON object.

    Blank-only text counts as missing (P section 0). A form may carry other fields; a JSON object may
    not, except `version`. Raises ValidationError naming the field.
    """
    if not isinstance(source, Mapping):
        raise ValidationError("argument.body", _("The body must be a JSON object."))
    is_form = hasattr(source, "getlist")
    unknown = [] if is_form else [name for name in source if name not in arguments and name != "version"]
    if unknown:
        raise ValidationError(
            "argument.unknown", _("“%(name)s” is not asked for."), field=str(unknown[0]), name=unknown[0]
        )
    values = {}
    for name, argument in arguments.items():
        items = _items_of_form(source, argument) if is_form else _items_of_json(source, argument)
        if items or argument.default is _REQUIRED:
            values[name] = _value(items, argument)
    return values


def _value(items: Sequence[Any], argument: Argument) -> Any:
    limit = MAX_ITEMS if argument.is_list else 1
    if len(items) > limit:
        raise ValidationError(
            "argument.many",
            _("%(label)s: %(limit)s values at most."),
            field=argument.name,
            label=argument.label,
            limit=limit,
        )
    values = [value for item in items if (value := _convert(item, argument)) is not None]
    if not values and argument.is_required:
        raise ValidationError(
            "argument.missing", _("%(label)s is required."), field=argument.name, label=argument.label
        )
    if argument.is_list:
        return values or None
    return values[0] if values else None


def _convert(item: Any, argument: Argument) -> Any:
    try:
        value = convert(item, argument.kind, places=argument.places)
    except ValidationError as error:  # It says best what is wrong, but not with which field.
        raise ValidationError(
            error.code,
            _("%(label)s: %(reason)s"),
            field=argument.name,
            **{**error.data, "label": argument.label, "reason": error},
        ) from error
    except (ValueError, TypeError) as error:
        expected = next(text for kind, text in EXPECTED.items() if issubclass(argument.kind, kind))
        raise ValidationError(
            "argument.invalid",
            _("%(label)s: %(expected)s."),
            field=argument.name,
            label=argument.label,
            expected=expected,
        ) from error
    if isinstance(value, str) and len(value) > argument.max_length:
        raise ValidationError(
            "argument.long",
            _("%(label)s: %(limit)s characters at most."),
            field=argument.name,
            label=argument.label,
            limit=argument.max_length,
        )
    return value


def _items_of_form(source: Any, argument: Argument) -> list[Any]:
    """Return the values given, blanks left out. A list of texts or numbers is typed one per line."""
    given = [item for item in source.getlist(argument.name) if isinstance(item, str)]
    if argument.is_list:
        given = [line for item in given for line in item.splitlines()]
    given = [item for item in given if item.strip()]
    if argument.kind is bool and not given:
        return [False]  # A browser does not send an unticked box.
    return given


def _items_of_json(source: Mapping[str, Any], argument: Argument) -> list[Any]:
    given = source.get(argument.name)
    items = given if argument.is_list and isinstance(given, list) else [given]
    return [item for item in items if item is not None and not (isinstance(item, str) and not item.strip())]


def _argument(parameter: inspect.Parameter, hint: Any, service: Callable[..., Any]) -> Argument:
    may_be_none, is_list, notes = False, False, []
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        kinds = [kind for kind in typing.get_args(hint) if kind is not type(None)]
        may_be_none, hint = True, kinds[0] if len(kinds) == 1 else None
    if typing.get_origin(hint) is list:
        is_list, hint = True, typing.get_args(hint)[0]
    if typing.get_origin(hint) is Annotated:
        hint, *notes = typing.get_args(hint)
    if not isinstance(hint, type) or not issubclass(hint, _KINDS):
        raise ConfigurationError(f"{service.__qualname__}: '{parameter.name}' has a type that no form can carry")
    said = {type(note): note for note in notes}
    return Argument(
        parameter.name,
        hint,
        is_list,
        may_be_none,
        parameter.default,
        said.get(MaxLength, MaxLength(200)).limit,
        said.get(Places, Places(QUANTITY_PLACES)).limit,
        said.get(TextParts),
    )


def _type_name(kind: type) -> str:
    if issubclass(kind, Model):
        return "id"
    return (
        "choice"
        if issubclass(kind, StrEnum)
        else {str: "string", bool: "boolean", int: "integer"}.get(kind, kind.__name__.lower())
    )
