"""What a list can be grouped by, and what of it can be counted: the fields that the reader sees in clear."""

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask_babel import gettext

from app.crud.columns import NUMBERS, Kind, ScreenColumn
from app.crud.conditions import LONGEST_VALUE, filter_key
from app.database.calendar import Span, first_day, last_day_of
from app.errors import Text, ValidationError
from app.i18n import _, member_words
from app.masterdata.normalise import clean_text
from app.reports.definition import ColumnKind
from app.reports.words import bool_word

if TYPE_CHECKING:
    from app.crud.view import CrudView

Pairs = list[tuple[str, str]]
_DATES = (Kind.DATE, Kind.DATETIME)
_GROUPED = (Kind.TEXT, Kind.INTEGER, Kind.CHOICE, Kind.BOOL, *_DATES)
SPANS: Mapping[Span, Text] = {
    Span.DAY: _("Day"),
    Span.WEEK: _("Week"),
    Span.MONTH: _("Month"),
    Span.QUARTER: _("Quarter"),
    Span.YEAR: _("Year"),
}


class Measured(enum.StrEnum):
    """What is said of the records of a cell."""

    COUNT = "count"
    SUM = "sum"
    AVERAGE = "average"
    MIN = "min"
    MAX = "max"


MEASURES: Mapping[Measured, Text] = {
    Measured.COUNT: _("Number of records"),
    Measured.SUM: _("Sum"),
    Measured.AVERAGE: _("Average"),
    Measured.MIN: _("Smallest"),
    Measured.MAX: _("Largest"),
}


@dataclass(frozen=True)
class Dimension:
    """One field that the records are grouped by, dates by a span of the calendar."""

    column: ScreenColumn
    span: Span | None = None

    @property
    def key(self) -> str:
        """What the address calls it: 'state', 'ordered_on:month'."""
        return self.column.name if self.span is None else f"{self.column.name}:{self.span.value}"

    @property
    def label(self) -> str:
        """Its head, in words."""
        label = str(self.column.label)
        return label if self.span is None else f"{label} · {SPANS[self.span]}"

    @property
    def is_record(self) -> bool:
        """Tell whether its values are other records: two with one title stay apart."""
        return self.column.relation is not None and "." not in self.column.name

    def place_in(self, statement: sa.Select[Any], zone: ZoneInfo) -> tuple[sa.Select[Any], Any, Any]:
        """Return the statement with the join it needs, the SQL of the value, and that of its title."""
        statement, expression = self.column.place_in(statement)
        if self.span is not None:
            return statement, first_day(expression, self.span, zone), sa.null()
        if not self.is_record:
            return statement, expression, sa.null()
        return statement, getattr(self.column.model, self._reference), expression

    def word(self, value: Any, title: Any) -> str:
        """Return a value as the heads of rows and columns call it."""
        if value is None:
            return gettext("Not set")
        if self.is_record:
            return str(title) if title not in (None, "") else f"#{value}"
        if self.span is not None:
            return _span_word(value, self.span)
        if isinstance(value, enum.Enum):
            return str(member_words(value))
        return bool_word(value) if isinstance(value, bool) else str(value)

    def rank(self, value: Any, title: Any) -> tuple[Any, ...]:
        """Return where a value stands among the others: as declared, by time, number or title; none comes last."""
        if value is None:
            return (1,)
        if isinstance(value, enum.Enum):
            return (0, list(type(value)).index(value))
        if self.is_record:
            return (0, str(title).casefold(), value)
        return (0, value.casefold(), value) if isinstance(value, str) else (0, value)

    def filters(self, filtered: Mapping[str, ScreenColumn], value: Any) -> Pairs | None:
        """Return the filters of the list that ask for this value; None where no filter can."""
        column = filtered.get(self._reference if self.is_record else self.column.name)
        if column is None or value is None:
            return None
        if self.span is not None:
            last = last_day_of(value, self.span)
            return [(filter_key(column, "ge"), value.isoformat()), (filter_key(column, "le"), last.isoformat())]
        if isinstance(value, bool | enum.Enum):
            return [(filter_key(column, "eq"), str(int(value) if isinstance(value, bool) else value.value))]
        if isinstance(value, str) and (clean_text(value) != value or len(value) > LONGEST_VALUE):
            return None  # What is typed is cleaned, and would ask for something else.
        return [(filter_key(column, "eq"), str(value))]

    @property
    def _reference(self) -> str:
        relation: Any = self.column.relation
        (column,) = relation.property.local_columns
        key: str = self.column.model.__mapper__.get_property_by_column(column).key
        return key


@dataclass(frozen=True)
class Measure:
    """What is counted, or which numbers are added up."""

    measured: Measured
    column: ScreenColumn | None = None

    @property
    def key(self) -> str:
        """What the address calls it: 'count', 'sum:discount'."""
        return self.measured.value if self.column is None else f"{self.measured.value}:{self.column.name}"

    @property
    def label(self) -> str:
        """It in words."""
        return (
            str(MEASURES[self.measured]) if self.column is None else f"{MEASURES[self.measured]} · {self.column.label}"
        )

    @property
    def kind(self) -> ColumnKind:
        """How its values are shown and written."""
        if self.column is None:
            return "integer"
        if self.column.kind is Kind.INTEGER:
            return "quantity" if self.measured is Measured.AVERAGE else "integer"
        return "money" if self.column.kind is Kind.MONEY else "quantity"

    @property
    def adds_up(self) -> bool:
        """Tell whether the total is the sum of its parts."""
        return self.measured in (Measured.COUNT, Measured.SUM)


def groupable(view: "CrudView") -> dict[str, ScreenColumn]:
    """Return by name the fields that the reader may group by.

    Nobody groups by personal data: the heads would tell it.
    """
    found: dict[str, ScreenColumn] = {}
    for column in map(_titled, _columns(view)):
        if column.kind in _GROUPED and column.name not in {"id", *view.personal} and not _is_many(column):
            found.setdefault(column.name, column)
    return found


def measurable(view: "CrudView") -> dict[str, ScreenColumn]:
    """Return by name the number fields that the reader may add up: of the records themselves, and in clear."""
    return {
        column.name: column
        for column in _columns(view)
        if column.kind in NUMBERS and column.relation is None and column.name not in {"id", *view.personal}
    }


def dimensions_of(view: "CrudView") -> list[Dimension]:
    """Return everything that can be chosen for rows and columns."""
    return [
        Dimension(column, span)
        for column in groupable(view).values()
        for span in (SPANS if column.kind in _DATES else (None,))
    ]


def measures_of(view: "CrudView") -> list[Measure]:
    """Return everything that can be chosen for the cells."""
    sums = [Measure(one, column) for column in measurable(view).values() for one in MEASURES if one != Measured.COUNT]
    return [Measure(Measured.COUNT), *sums]


def unknown_choice(field: str) -> ValidationError:
    """Return the refusal of a field that there is not, or not for this reader."""
    return ValidationError("pivot.field", _("Choose one of the fields offered."), field=field)


def _titled(column: ScreenColumn) -> ScreenColumn:
    """Return the record itself, which has a title, for a filter that names its id."""
    name = column.name.removesuffix("_id")
    is_known = column.kind is Kind.REFERENCE and hasattr(column.model, name)
    return ScreenColumn(column.model, name, column.label) if is_known else column


def _is_many(column: ScreenColumn) -> bool:
    return column.relation is not None and len(column.relation.property.local_columns) != 1


def _columns(view: "CrudView") -> list[ScreenColumn]:
    return [*view.columns, *view.filter_columns, *view.show_columns]


def _span_word(day: dt.date, span: Span) -> str:
    match span:
        case Span.DAY:
            return day.isoformat()
        case Span.WEEK:
            return f"{day:%G-W%V}"
        case Span.MONTH:
            return f"{day:%Y-%m}"
        case Span.QUARTER:
            return f"{day.year}-Q{(day.month + 2) // 3}"
    return str(day.year)
