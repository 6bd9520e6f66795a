"""Arguments and events as JSON: written plainly, read back by the annotations of who receives them."""

import datetime as dt
import types
import typing
from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Any

from app.errors import ConfigurationError

JsonValue = Any  # None, bool, int, float, str, list or dict of these; mypy knows no recursive JSON here.

_PLAIN = (bool, int, float, str, type(None))
_READERS: dict[type, Callable[[Any], Any]] = {
    Decimal: Decimal,
    dt.date: dt.date.fromisoformat,
    dt.datetime: dt.datetime.fromisoformat,
    dt.time: dt.time.fromisoformat,
}


def encode(value: object) -> JsonValue:
    """Return the value as JSON. Raises TypeError for anything but ids, texts, numbers, dates, choices and lists."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dt.date | dt.time):  # A datetime is a date too.
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [encode(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): encode(item) for key, item in value.items()}
    raise TypeError(f"{type(value).__name__} cannot be stored; pass its id instead")


def decode(value: JsonValue, hint: Any) -> Any:
    """Return the value as the annotation says; without one, as JSON gave it."""
    origin = typing.get_origin(hint)
    if value is None or hint is Any or (origin is None and not isinstance(hint, type)):
        return value
    if origin in (typing.Union, types.UnionType):
        return decode(value, next(kind for kind in typing.get_args(hint) if kind is not types.NoneType))
    if origin in (list, tuple):
        items = [decode(item, typing.get_args(hint)[0]) for item in value]
        return items if origin is list else tuple(items)
    if origin is dict:
        return {key: decode(item, typing.get_args(hint)[1]) for key, item in value.items()}
    if hint in _READERS:
        return _READERS[hint](value)
    return hint(value) if isinstance(hint, type) and issubclass(hint, StrEnum) else value


def check_storable(hint: Any, where: str) -> None:
    """Raise ConfigurationError, naming the place, unless values of this annotation come back as they were."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        kinds = [kind for kind in inner if kind is not types.NoneType]
        storable = len(kinds) == 1
    elif origin in (list, dict) or (origin is tuple and inner[1:] == (...,)):
        kinds, storable = [kind for kind in inner if kind is not ...], True
    else:
        kinds = []
        storable = (
            hint is Any or hint in _PLAIN or hint in _READERS or (isinstance(hint, type) and issubclass(hint, StrEnum))
        )
    if not storable:
        raise ConfigurationError(f"{where}: {hint} cannot be stored; use ids, texts, numbers, dates, choices or tuples")
    for kind in kinds:
        check_storable(kind, where)


def decode_for(receiver: Callable[..., Any], stored: Mapping[str, JsonValue]) -> dict[str, Any]:
    """Return the stored arguments as the receiver, a function or a dataclass, annotates them."""
    hints = typing.get_type_hints(receiver)
    return {name: decode(value, hints.get(name, Any)) for name, value in stored.items()}
