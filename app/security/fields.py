"""The fields of every resource as administrators see them: one for all names by which screens and files call it."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask, current_app

from app.errors import Text


@dataclass(frozen=True)
class Field:
    """One field. `key` is what a limit names; `roots` are its names, as `root_of` shortens them."""

    key: str
    label: Text
    roots: frozenset[str]
    is_typed: bool = False  # A form takes it.
    is_required: bool = False  # A new record, or a new line, needs it, and nothing stands in for it.
    of_lines: bool = False
    in_list: bool = False
    always: Text = ""  # Why it cannot be hidden.


def register_fields(app: Flask, resource: str, fields: Sequence[Field]) -> None:
    """Note the fields of a resource."""
    app.extensions.setdefault("fields", {})[resource] = tuple(fields)
    keys = {root: one.key for one in fields for root in one.roots}
    app.extensions.setdefault("field_keys", {})[resource] = keys


def fields_of(resource: str) -> tuple[Field, ...]:
    """Return the fields of a resource, in the order of its forms; none of what has no generated screen."""
    found: tuple[Field, ...] = current_app.extensions.get("fields", {}).get(resource, ())
    return found
