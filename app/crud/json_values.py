"""How values leave as JSON: decimals and dates as text, so that nothing is rounded."""

import datetime as dt
from decimal import Decimal
from enum import Enum
from typing import Any

from app.database.base import Model


def to_json(value: Any) -> Any:
    """Return a value as JSON carries it; a record as its id and title."""
    match value:
        case Enum():
            return value.value
        case None | bool() | int() | float():
            return value
        case Decimal():
            return format(value, "f")
        case dt.datetime():
            return value.astimezone(dt.UTC).isoformat()
        case dt.date():
            return value.isoformat()
        case Model():
            return {"id": value.id, "title": str(value)}
        case list() | tuple():
            return [to_json(item) for item in value]
        case dict():
            return {str(key): to_json(item) for key, item in value.items()}
        case _:
            return str(value)


def json_texts(errors: Any) -> Any:
    """Return the messages of a form, nested as its fields are, as plain texts."""
    if isinstance(errors, dict):
        return {str(name): json_texts(inner) for name, inner in errors.items()}
    if isinstance(errors, list | tuple):
        return [json_texts(inner) for inner in errors]
    return str(errors)
