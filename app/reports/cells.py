"""What a value of a column looks like as text: on the screen, in a PDF, in a CSV file."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from app.i18n import duration_words
from app.reports.definition import ReportColumn
from app.reports.words import bool_word, choice_word

CellText = Callable[[Any], str]


def cell_text(column: ReportColumn, zone: dt.tzinfo) -> CellText:
    """Return the function that words this column's values; instants in the given time zone.

    A value that is not of the column's kind, such as a masked number, is shown as it is.
    """
    match column.kind:
        case "integer":
            return _number("{:,.0f}")
        case "money":
            return _number("{:,.2f}")
        case "quantity":
            return _quantity
        case "percent":
            return _percent
        case "duration":
            return _duration
        case "datetime":
            return lambda value: _instant(value, zone)
        case "choice":
            return choice_words(column)
        case "bool":
            return bool_word
    return lambda value: "" if value is None else str(value)


def choice_words(column: ReportColumn) -> CellText:
    """Return the function that words a choice; each value is translated once."""
    known: dict[Any, str] = {None: ""}

    def word(value: Any) -> str:
        if value not in known:
            known[value] = choice_word(value, column.choices)
        return known[value]

    return word


def local(value: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    """Return the wall clock's time, without a zone; a value without one is taken to be local."""
    return (value.astimezone(zone) if value.tzinfo else value).replace(tzinfo=None)


def _number(pattern: str) -> CellText:
    def word(value: Any) -> str:
        if value is None:
            return ""
        return pattern.format(value) if isinstance(value, int | float | Decimal) else str(value)

    return word


def _quantity(value: Any) -> str:
    """Show the decimals that a quantity has, and no more."""
    if not isinstance(value, int | float | Decimal):
        return "" if value is None else str(value)
    text = f"{value:,.6f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _percent(value: Any) -> str:
    if not isinstance(value, int | float | Decimal):
        return "" if value is None else str(value)
    try:
        return f"{value * 100:.2f}%"
    except InvalidOperation:
        return str(value)


def _duration(value: Any) -> str:
    if not isinstance(value, int | Decimal):
        return "" if value is None else str(value)
    return duration_words(int(value))


def _instant(value: Any, zone: dt.tzinfo) -> str:
    if not isinstance(value, dt.datetime):
        return "" if value is None else str(value)
    return f"{local(value, zone):%Y-%m-%d %H:%M}"
