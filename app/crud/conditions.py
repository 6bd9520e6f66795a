"""Filters of a list: what may be asked of each kind of column, and how it is read from an address.

Nothing is kept between requests: FAB's own filters live on the view, which all threads share.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy.sql.elements import ColumnElement
from werkzeug.datastructures import MultiDict

from app.companies.clock import day_bounds
from app.crud.columns import Kind, ScreenColumn
from app.errors import ConfigurationError, Text, ValidationError
from app.i18n import _
from app.masterdata import normalise

PREFIX = "_flt_"
LONGEST_VALUE = 200  # characters of one filter
Compare = Callable[[ColumnElement[Any], Any], ColumnElement[bool]]


@dataclass(frozen=True)
class Operator:
    """One way to compare; its place in the list of its kind is its number in the address."""

    name: str
    label: Text
    compare: Compare


_TEXT = (
    Operator("contains", _("contains"), lambda column, value: column.icontains(value, autoescape=True)),
    Operator("eq", _("is"), lambda column, value: column == value),
    Operator("starts", _("starts with"), lambda column, value: column.istartswith(value, autoescape=True)),
    Operator("ne", _("is not"), lambda column, value: column != value),
)
_RANGE = (
    Operator("eq", _("is"), lambda column, value: column == value),
    Operator("ge", _("from"), lambda column, value: column >= value),
    Operator("le", _("up to"), lambda column, value: column <= value),
)
_INSTANT = (  # A day is typed, an instant is stored: compare with the bounds of the local day.
    Operator("eq", _("on"), lambda column, day: column.between(*day_bounds(day))),
    Operator("ge", _("from"), lambda column, day: column >= day_bounds(day)[0]),
    Operator("le", _("up to"), lambda column, day: column <= day_bounds(day)[1]),
)
_SET = (
    Operator("eq", _("is"), lambda column, value: column == value),
    Operator("ne", _("is not"), lambda column, value: column != value),
)
OPERATORS: dict[Kind, tuple[Operator, ...]] = {
    Kind.TEXT: _TEXT,
    Kind.LONG_TEXT: _TEXT,
    Kind.INTEGER: _RANGE,
    Kind.QUANTITY: _RANGE,
    Kind.MONEY: _RANGE,
    Kind.DATE: _RANGE,
    Kind.DATETIME: _INSTANT,
    Kind.CHOICE: _SET,
    Kind.BOOL: _SET[:1],
    Kind.REFERENCE: _SET[:1],
}


@dataclass(frozen=True)
class Condition:
    """One filter that is in force."""

    column: ScreenColumn
    operator: Operator
    value: Any
    raw: str

    @property
    def key(self) -> str:
        """The name in the address: '_flt_0_state'."""
        return filter_key(self.column, self.operator.name)


def filter_key(column: ScreenColumn, operator: str) -> str:
    """Return the name in the address of a filter by a column; `operator` is its name."""
    names = [one.name for one in OPERATORS[column.kind]]
    return f"{PREFIX}{names.index(operator)}_{column.name}"


def read_conditions(
    columns: Sequence[ScreenColumn], arguments: "MultiDict[str, str]"
) -> tuple[list[Condition], list[ValidationError]]:
    """Return the filters of an address, and a refusal for each that makes no sense."""
    by_name = {column.name: column for column in columns}
    found: list[Condition] = []
    refused: list[ValidationError] = []
    for key, raw in arguments.items(multi=True):
        if not key.startswith(PREFIX) or normalise.clean_text(raw) is None:
            continue
        number, _line, name = key.removeprefix(PREFIX).partition("_")
        column = by_name.get(name)
        if column is None:
            refused.append(unknown_filter(name))
            continue
        try:
            found.append(make_condition(column, number, raw))
        except ValidationError as error:
            refused.append(error)
    return found, refused


def check_filters(columns: Sequence[ScreenColumn]) -> None:
    """Raise ConfigurationError for a column that the database cannot compare."""
    for column in columns:
        if column.kind not in OPERATORS:
            raise ConfigurationError(f"{column.model.__name__}: nobody can filter by {column.name!r}")


def unknown_filter(name: str) -> ValidationError:
    """Return the refusal of a column that nobody, or not this actor, may filter by."""
    return ValidationError("list.filter", _("There is no filter %(name)s."), field=name[:40], name=name[:40])


def unknown_order(name: str) -> ValidationError:
    """Return the refusal of a column that this actor does not see, and so cannot sort by."""
    return ValidationError("list.order", _("You cannot sort by %(name)s."), field=name[:40], name=name[:40])


def make_condition(column: ScreenColumn, operator: str, raw: str) -> Condition:
    """Return one filter; `operator` is its number or its name. Raises ValidationError naming the column."""
    operators = OPERATORS[column.kind]
    chosen = next((one for number, one in enumerate(operators) if operator in (str(number), one.name)), None)
    if chosen is None:
        raise ValidationError(
            "list.operator",
            _("%(label)s cannot be compared with '%(operator)s'."),
            field=column.name,
            label=column.label,
            operator=operator[:40],
        )
    return Condition(column, chosen, read_value(column, raw), raw)


def read_value(column: ScreenColumn, raw: str) -> Any:
    """Return a typed value for a column; raises ValidationError naming the column."""
    readers: dict[Kind, Callable[[str], Any]] = {
        Kind.INTEGER: _whole,
        Kind.REFERENCE: _whole,
        Kind.MONEY: Decimal,
        Kind.QUANTITY: Decimal,
        Kind.DATE: _day,
        Kind.DATETIME: _day,
        Kind.BOOL: _flag,
        Kind.CHOICE: lambda text: column.choices(text) if column.choices else text,
    }
    try:
        text = normalise.required_text(raw, maximum=LONGEST_VALUE)
        value = readers.get(column.kind, str)(text)
        if isinstance(value, Decimal) and (not value.is_finite() or abs(value) >= Decimal(10) ** 12):
            raise ValueError
    except (ValueError, ArithmeticError, ValidationError) as error:
        raise ValidationError(
            "list.value",
            _("%(label)s: '%(value)s' is not a possible value."),
            field=column.name,
            label=column.label,
            value=raw[:40],
        ) from error
    return value


def _whole(text: str) -> int:
    number = int(text)
    if abs(number) >= 2**63:
        raise ValueError
    return number


def _day(text: str) -> dt.date:
    try:
        return normalise.parse_date(text)
    except ValidationError as error:
        raise ValueError from error


def _flag(text: str) -> bool:
    flags = {"1": True, "true": True, "y": True, "0": False, "false": False, "n": False}
    if text.lower() not in flags:
        raise ValueError
    return flags[text.lower()]
