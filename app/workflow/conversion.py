"""Turns one typed or sent value into a text, a number, a day, an instant, a choice or a record."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum
from typing import Any

from app.companies.clock import active_zone
from app.database.base import Model
from app.i18n import _
from app.masterdata.normalise import QUANTITY_PLACES, clean_text, parse_date, parse_decimal
from app.security.records import find_visible, present_actor

_YES, _NO = ("y", "yes", "on", "true", "1"), ("n", "no", "off", "false", "0")
_LARGEST = 2**31 - 1  # What an INTEGER column holds.
_LARGEST_ID = 2**63 - 1

# What was wanted, by kind; the first that fits is said. bool is an int, and datetime a date.
EXPECTED = {
    bool: _("yes or no is wanted"),
    int: _("a whole number of at most 10 digits is wanted"),
    Decimal: _("a number is wanted"),
    dt.datetime: _("a date and time such as 2026-03-02 10:00 is wanted"),
    dt.date: _("a date such as 2026-03-02 is wanted"),
    StrEnum: _("one of the choices is wanted"),
    str: _("plain text is wanted"),
    Model: _("there is no such record"),
}


def convert(value: Any, kind: type, *, places: int = QUANTITY_PLACES) -> Any:
    """Return the value as `kind`, a number with at most so many decimals; None for a text in which nothing can be seen.

    Raises ValidationError, TypeError or ValueError if it is not one. Full-width digits and Chinese dates are read
    too (P section 0).
    """
    if issubclass(kind, Decimal):
        return _number(value, places)
    return next(read for wanted, read in _READ.items() if issubclass(kind, wanted))(value, kind)


def _text(value: Any) -> str | None:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return clean_text(value)


def _number(value: Any, places: int = QUANTITY_PLACES) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        raise TypeError("not a number")
    return parse_decimal(value, places=places)


def _whole(value: Any, largest: int) -> int:
    is_exact = isinstance(value, int) and not isinstance(value, bool)
    exact = Decimal(value) if is_exact else _number(value)
    if exact != int(exact) or abs(exact) > largest:
        raise ValueError("not a whole number")
    return int(exact)


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = (_text(value) or "").lower()
    if word not in _YES + _NO:
        raise ValueError("neither yes nor no")
    return word in _YES


def _day(value: Any) -> dt.date:
    return parse_date(_text(value) or "")


def _instant(value: Any) -> dt.datetime:
    """Read an instant; without an offset it is the company's wall clock."""
    day, _blank, clock = (_text(value) or "").replace("T", " ").partition(" ")
    instant = dt.datetime.fromisoformat(f"{parse_date(day)}T{clock}")
    return (instant if instant.tzinfo else instant.replace(tzinfo=active_zone())).astimezone(dt.UTC)


def _record(value: Any, kind: type[Model]) -> Model:
    """Return the record of this id; one that the actor may not see is as good as none (S:CORE-08)."""
    record = find_visible(kind, _whole(value, _LARGEST_ID), actor=present_actor())
    if record is None:
        raise ValueError("no such record")
    found: Model = record
    return found


# As in EXPECTED, the more special kind stands first.
_READ: dict[type, Callable[[Any, Any], Any]] = {
    Model: _record,
    bool: lambda value, _kind: _boolean(value),
    int: lambda value, _kind: _whole(value, _LARGEST),
    dt.datetime: lambda value, _kind: _instant(value),
    dt.date: lambda value, _kind: _day(value),
    StrEnum: lambda value, kind: kind(_text(value)),
    str: lambda value, _kind: _text(value),
}
