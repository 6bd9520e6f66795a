"""From a list and the reader's choice to cells and totals, by one grouped statement."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict

from app.companies.clock import active_zone
from app.crud.listing import ListQuery
from app.crud.pivots.fields import Dimension, Measure, Measured, dimensions_of, measures_of, unknown_choice
from app.database.session import session
from app.errors import ValidationError
from app.i18n import _

if TYPE_CHECKING:
    from app.crud.view import CrudView

MOST_CELLS = 5_000
ROWS, INNER_ROWS, ACROSS, MEASURE = "rows", "rows2", "across", "measure"
NAMES = (ROWS, INNER_ROWS, ACROSS, MEASURE)  # What a pivot adds to the address of its list.
Key = tuple[Any, ...]


@dataclass(frozen=True)
class Pivot:
    """What the reader asks for: one or two fields down, perhaps one across, and what the cells say."""

    rows: tuple[Dimension, ...]
    across: Dimension | None
    measure: Measure

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """All fields, those of the rows first."""
        return (*self.rows, self.across) if self.across else self.rows


@dataclass
class Figure:
    """What is known of the records of one cell, exact, so that cells can be put together to totals."""

    count: int = 0
    numbers: int = 0  # Of those, the records that have the number at all.
    total: Decimal = Decimal(0)
    least: Any = None
    most: Any = None

    def add(self, other: "Figure") -> None:
        """Take in the records of another cell."""
        self.count += other.count
        self.numbers += other.numbers
        self.total += other.total
        self.least = _first(min, self.least, other.least)
        self.most = _first(max, self.most, other.most)

    def value(self, measure: Measure) -> Any:
        """Return what the cell says; None where no record has a number."""
        if measure.measured is Measured.COUNT:
            return self.count
        if not self.numbers:
            return None
        match measure.measured:
            case Measured.MIN:
                return self.least
            case Measured.MAX:
                return self.most
            case Measured.AVERAGE:
                places = Decimal("0.01") if measure.kind == "money" else Decimal("0.000001")
                return (self.total / self.numbers).quantize(places, ROUND_HALF_UP)
        return int(self.total) if measure.kind == "integer" else self.total


@dataclass
class PivotTable:
    """The cells by (row, column), their totals, and the heads in order; a column without a field across is ()."""

    pivot: Pivot
    rows: list[Key] = field(default_factory=list)
    columns: list[Key] = field(default_factory=list)
    cells: dict[tuple[Key, Key], Figure] = field(default_factory=dict)
    row_totals: dict[Key, Figure] = field(default_factory=dict)
    column_totals: dict[Key, Figure] = field(default_factory=dict)
    total: Figure = field(default_factory=Figure)
    titles: dict[tuple[int, Any], Any] = field(default_factory=dict)  # (place of the dimension, value) -> title

    def words(self, key: Key, *, first: int = 0) -> list[str]:
        """Return a head in words; `first` is the place of its first dimension."""
        named = enumerate(zip(self.pivot.dimensions[first:], key, strict=False), start=first)
        return [dimension.word(value, self.titles.get((place, value))) for place, (dimension, value) in named]

    def column_word(self, key: Key) -> str:
        """Return the head of a column."""
        return self.words(key, first=len(self.pivot.rows))[0] if key else self.pivot.measure.label

    def value(self, row: Key, column: Key) -> Any:
        """Return what a cell says; None for one without records."""
        found = self.cells.get((row, column))
        return None if found is None else found.value(self.pivot.measure)


def read_pivot(view: "CrudView", arguments: "MultiDict[str, str]") -> Pivot | None:
    """Return what an address asks for; None where it names no rows. Raises ValidationError naming the choice."""
    dimensions = {one.key: one for one in dimensions_of(view)}
    measures = {one.key: one for one in measures_of(view)}
    chosen: dict[str, Dimension] = {}
    for name in (ROWS, INNER_ROWS, ACROSS):
        asked = arguments.get(name, "")
        if not asked:
            continue
        if asked not in dimensions:
            raise unknown_choice(name)
        if dimensions[asked] in chosen.values():
            raise ValidationError("pivot.twice", _("Choose each field once."), field=name)
        chosen[name] = dimensions[asked]
    rows = tuple(chosen[name] for name in (ROWS, INNER_ROWS) if name in chosen)
    if not rows:
        if ACROSS in chosen:
            raise ValidationError("pivot.rows", _("Choose what stands in the rows."), field=ROWS)
        return None
    measure = measures.get(arguments.get(MEASURE, "") or Measured.COUNT.value)
    if measure is None:
        raise unknown_choice(MEASURE)
    return Pivot(rows, chosen.get(ACROSS), measure)


def run_pivot(query: ListQuery, pivot: Pivot) -> PivotTable:
    """Return the pivot of a list, within what its actor reaches.

    Raises ValidationError, field `rows`, for more cells than anybody reads.
    """
    width = len(pivot.dimensions)
    table, found = PivotTable(pivot), session.execute(_statement(query, pivot)).all()
    _refuse_many(len(found))
    for row in found:
        key, titles, figure = row[:width], row[width : 2 * width], _figure(row[2 * width :], pivot.measure)
        for place, (value, title) in enumerate(zip(key, titles, strict=True)):
            table.titles[place, value] = title
        down, across = tuple(key[: len(pivot.rows)]), tuple(key[len(pivot.rows) :])
        table.cells[down, across] = figure
        table.row_totals.setdefault(down, Figure()).add(figure)
        table.column_totals.setdefault(across, Figure()).add(figure)
        table.total.add(figure)
    _refuse_many(len(table.row_totals) * len(table.column_totals))
    table.rows = _ordered(table, table.row_totals, 0)
    table.columns = _ordered(table, table.column_totals, len(pivot.rows)) or [()]
    return table


def _statement(query: ListQuery, pivot: Pivot) -> sa.Select[Any]:
    """Return the one statement: the rows with what they are grouped by within, the groups without."""
    zone = active_zone()
    statement: sa.Select[Any] = sa.select(query.model.id)
    values: list[Any] = []
    titles: list[Any] = []
    for place, dimension in enumerate(pivot.dimensions):
        statement, value, title = dimension.place_in(statement, zone)
        values.append(value.label(f"value_{place}"))
        titles.append(title.label(f"title_{place}"))
    column = pivot.measure.column
    number = [] if column is None else [getattr(query.model, column.name).label("number")]
    inner = query.filtered(statement).with_only_columns(*values, *titles, *number, maintain_column_froms=True)
    rows = inner.subquery()
    groups = [rows.c[one.name] for one in values]
    # A title belongs to its value: the greatest of equal ones is it, and a record is not split by it.
    named = [
        sa.func.max(rows.c[one.name]) if pivot.dimensions[place].is_record else sa.null()
        for place, one in enumerate(titles)
    ]
    return (
        sa.select(*groups, *named, sa.func.count(), *_figures(rows, pivot.measure))
        .group_by(*groups)
        .limit(MOST_CELLS + 1)
    )


def _figures(rows: Any, measure: Measure) -> Sequence[Any]:
    """Return what the database counts besides the records: never an average, which each would round in its own way."""
    match measure.measured:
        case Measured.COUNT:
            return ()
        case Measured.MIN:
            return (sa.func.count(rows.c.number), sa.func.min(rows.c.number))
        case Measured.MAX:
            return (sa.func.count(rows.c.number), sa.func.max(rows.c.number))
    return (sa.func.count(rows.c.number), sa.func.sum(rows.c.number))


def _figure(numbers: Sequence[Any], measure: Measure) -> Figure:
    count, *more = numbers
    if not more:
        return Figure(count)
    how_many, value = more
    match measure.measured:
        case Measured.MIN:
            return Figure(count, how_many, least=value)
        case Measured.MAX:
            return Figure(count, how_many, most=value)
    return Figure(count, how_many, Decimal(value or 0))


def _ordered(table: PivotTable, keys: Iterable[Key], first: int) -> list[Key]:
    dimensions = table.pivot.dimensions[first:]

    def rank(key: Key) -> list[tuple[Any, ...]]:
        named = enumerate(zip(dimensions, key, strict=False), start=first)
        return [dimension.rank(value, table.titles.get((place, value))) for place, (dimension, value) in named]

    return sorted(keys, key=rank)


def _refuse_many(cells: int) -> None:
    if cells > MOST_CELLS:
        raise ValidationError(
            "pivot.cells",
            _("That makes more than %(limit)s cells. Group by fewer fields or longer spans, or filter the list."),
            field=ROWS,
            limit=f"{MOST_CELLS:,}",
        )


def _first(choose: Any, one: Any, other: Any) -> Any:
    known: Mapping[bool, Any] = {one is None: other, other is None: one}
    return known[True] if True in known else choose(one, other)
