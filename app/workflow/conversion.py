"""Turns one typed or sent value into a number, a day, an instant, a choice or a record."""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum
from typing import Any

from app.database.base import Model
from app.database.session import session
from app.i18n import _
from app.workflow.moment import company_zone

_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_NUMBER = re.compile(r"[+-]?\d{1,18}(\.\d{1,18})?")
_YES, _NO = ("y", "yes", "on", "true", "1"), ("n", "no", "off", "false", "0")
_LARGEST = 2**31 - 1  # What an INTEGER column holds.
_LARGEST_ID = 2**63 - 1
_LARGEST_DECIMAL = 10**12  # What a quantity with six places holds in a BIGINT.

# What was wanted, by kind; the first that fits is said. bool is an int, and datetime a date.
EXPECTED = {
    bool: _("yes or no is wanted"),
    int: _("a whole number of at most 10 digits is wanted"),
    Decimal: _("a number of at most 12 digits before the point is wanted"),
    dt.datetime: _("a date and time such as 2026-03-02 10:00 is wanted"),
    dt.date: _("a date such as 2026-03-02 is wanted"),
    StrEnum: _("one of the choices is wanted"),
    str: _("plain text is wanted"),
    Model: _("no such record"),
}


def convert(value: Any, kind: type) -> Any:
    """Return the value as `kind`. Raises ValueError, ArithmeticError or TypeError if it is not one.

    Full-width digits and Chinese dates are read too (P section 0).
    """
    return next(read for wanted, read in _READ.items() if issubclass(kind, wanted))(value, kind)


def _text(value: Any) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise ValueError("not a text")
    value.encode()  # A lone surrogate, as JSON may carry, cannot be stored.
    return value.strip()


def _plain(value: Any) -> str:
    return unicodedata.normalize("NFKC", _text(value))


def _number(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        raise TypeError("not a number")
    text = _plain(value) if isinstance(value, str) else str(value)
    if not _NUMBER.fullmatch(text):
        raise ValueError("not a number")
    return Decimal(text)


def _whole(value: Any, largest: int) -> int:
    number = _number(value)
    if number != int(number) or abs(number) > largest:
        raise ValueError("not a whole number")
    return int(number)


def _decimal(value: Any) -> Decimal:
    number = _number(value)
    if abs(number) >= _LARGEST_DECIMAL:
        raise ValueError("too large")
    return number


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = _text(value).lower()
    if word not in _YES + _NO:
        raise ValueError("neither yes nor no")
    return word in _YES


def _day(text: str) -> dt.date:
    found = _DAY.fullmatch(text)
    if found is None:
        raise ValueError("not a date")
    year, month, day = map(int, found.groups())
    return dt.date(year, month, day)


def _instant(text: str) -> dt.datetime:
    """Read an instant; without an offset it is the company's wall clock."""
    found = _DAY.match(text)
    if found is None:
        raise ValueError("not a date")
    rest = text[found.end():].lstrip(" T")
    instant = dt.datetime.fromisoformat(f"{_day(found[0].strip())}T{rest}")
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=company_zone())
    return instant.astimezone(dt.UTC)


def _record(value: Any, kind: type[Model]) -> Model:
    record = session.get(kind, _whole(value, _LARGEST_ID))
    if record is None:
        raise ValueError("no such record")
    return record


# As in EXPECTED, the more special kind stands first.
_READ: dict[type, Callable[[Any, Any], Any]] = {
    Model: _record,
    bool: lambda value, _kind: _boolean(value),
    int: lambda value, _kind: _whole(value, _LARGEST),
    Decimal: lambda value, _kind: _decimal(value),
    dt.datetime: lambda value, _kind: _instant(_plain(value)),
    dt.date: lambda value, _kind: _day(_plain(value)),
    StrEnum: lambda value, kind: kind(_text(value)),
    str: lambda value, _kind: _text(value),
}
