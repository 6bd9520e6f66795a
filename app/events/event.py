"""The base class of events."""

import dataclasses
import typing
import uuid
from typing import Any

from app.errors import ConfigurationError
from app.jobs.payload import check_storable, decode_for, encode


def _new_uid() -> str:
    return uuid.uuid4().hex


@dataclasses.dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened in one company.

    Subclasses are frozen, named in the past tense, and carry ids, texts, numbers and dates; never objects. Their
    docstring says when they are not sent.
    """

    company_id: int
    uid: str = dataclasses.field(default_factory=_new_uid)


def check_event(kind: type[Event]) -> None:
    """Raise ConfigurationError, naming the field, unless events of this class survive being stored."""
    parameters = vars(kind).get("__dataclass_params__")
    if parameters is None or not parameters.frozen:
        raise ConfigurationError(f"event {kind.__qualname__}: not a frozen dataclass")
    for name, hint in typing.get_type_hints(kind).items():
        check_storable(hint, f"event {kind.__qualname__}.{name}")


def to_payload(event: Event) -> dict[str, Any]:
    """Return the event as JSON."""
    return {field.name: encode(getattr(event, field.name)) for field in dataclasses.fields(event)}


def from_payload(kind: type[Event], payload: dict[str, Any]) -> Event:
    """Return the event as it was. A field that an older version stored and this one dropped is ignored."""
    names = {field.name for field in dataclasses.fields(kind)}
    return kind(**decode_for(kind, {name: value for name, value in payload.items() if name in names}))
