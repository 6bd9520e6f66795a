"""Parameter values as they are typed, stored and used."""

import unicodedata
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from app.errors import Text, ValidationError
from app.i18n import _

TYPES = (int, Decimal, bool, str, list[str])
_LARGEST = Decimal(10**12)
_MAX_TEXT = 4_000
_MAX_ITEMS = 200
_YES, _NO = ("true", "yes", "on", "1"), ("false", "no", "off", "0")

_EXPECTED = {
    int: _("“%(label)s” must be a whole number."),
    Decimal: _("“%(label)s” must be a number."),
    bool: _("“%(label)s” must be yes or no."),
    str: _("“%(label)s” must be a text of at most %(limit)s characters."),
    list[str]: _("“%(label)s” must be a list of at most %(items)s texts."),
}


def read(raw: Any, kind: Any, *, label: Text = "") -> Any:
    """Return a value of this type from its typed, sent or stored form. Raises ValidationError (R1, R4)."""
    if isinstance(raw, str) and not raw.strip() and kind != list[str]:  # A list may be empty.
        raise ValidationError("parameter.blank", _("“%(label)s” is required."), field="value", label=label)
    try:
        return _READ[kind](raw)
    except (ValueError, TypeError, InvalidOperation) as error:
        raise ValidationError(
            "parameter.type", _EXPECTED[kind], field="value", label=label, limit=_MAX_TEXT, items=_MAX_ITEMS
        ) from error


def write(value: Any) -> Any:
    """Return the stored form, which JSON keeps exactly."""
    return str(value) if isinstance(value, Decimal) else value


def check_limits(value: Any, *, label: Text, minimum: int | Decimal | None, maximum: int | Decimal | None) -> None:
    """Raise ValidationError for a number out of its bounds (R4)."""
    if minimum is not None and value < minimum:
        raise ValidationError(
            "parameter.minimum", _("“%(label)s” must be at least %(limit)s."), field="value", label=label, limit=minimum
        )
    if maximum is not None and value > maximum:
        raise ValidationError(
            "parameter.maximum", _("“%(label)s” must be at most %(limit)s."), field="value", label=label, limit=maximum
        )


def check_choices(value: Any, *, label: Text, choices: Sequence[str]) -> None:
    """Raise ValidationError for a text that is no choice (R4)."""
    if any(item not in choices for item in (value if isinstance(value, list) else [value])):
        raise ValidationError(
            "parameter.choices",
            _("“%(label)s” must be one of: %(limit)s."),
            field="value",
            label=label,
            limit=", ".join(choices),
        )


def _decimal(raw: Any) -> Decimal:
    if isinstance(raw, bool) or not isinstance(raw, int | float | Decimal | str):
        raise TypeError("not a number")
    text = unicodedata.normalize("NFKC", raw.strip()) if isinstance(raw, str) else str(raw)
    if "_" in text:
        raise ValueError("not a number")
    number = Decimal(text)
    if not number.is_finite() or abs(number) >= _LARGEST:
        raise ValueError("not a number that can be used")
    return number


def _whole(raw: Any) -> int:
    number = _decimal(raw)
    if number != int(number):
        raise ValueError("not a whole number")
    return int(number)


def _boolean(raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    word = _text(raw).lower()
    if word not in _YES + _NO:
        raise ValueError("neither yes nor no")
    return word in _YES


def _text(raw: Any) -> str:
    if not isinstance(raw, str) or "\0" in raw or len(raw) > _MAX_TEXT:
        raise ValueError("not a text that can be kept")
    raw.encode()  # A lone surrogate, as JSON may carry, cannot be stored.
    return raw.strip()


def _texts(raw: Any) -> list[str]:
    """Read a list, or a text with one item per line."""
    items = raw.splitlines() if isinstance(raw, str) else raw
    if not isinstance(items, list | tuple) or len(items) > _MAX_ITEMS:
        raise ValueError("not a list that can be kept")
    return [item for item in map(_text, items) if item]


_READ = {int: _whole, Decimal: _decimal, bool: _boolean, str: _text, list[str]: _texts}
