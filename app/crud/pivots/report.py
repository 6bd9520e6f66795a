"""A pivot as rows of report columns: what its files, its page and its chart are made of."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from markupsafe import Markup

from app.crud.pivots.table import PivotTable
from app.reports.charts import COLOURS, Series, bar_chart, chart_legend
from app.reports.definition import ReportColumn

MOST_BARS = 60
TOTAL = "total"


def report_columns(table: PivotTable) -> list[ReportColumn]:
    """Return the columns: the fields of the rows, one for each column of the pivot, and their total."""
    measure = table.pivot.measure
    heads = [ReportColumn(f"row_{place}", one.label) for place, one in enumerate(table.pivot.rows)]
    words = [table.column_word(key) for key in table.columns]
    cells = [
        ReportColumn(f"cell_{place}", word, measure.kind, total=measure.adds_up) for place, word in enumerate(words)
    ]
    if table.pivot.across is None:
        return [*heads, *cells]
    return [*heads, *cells, ReportColumn(TOTAL, gettext("Total"), measure.kind, total=measure.adds_up)]


def report_rows(table: PivotTable) -> list[list[Any]]:
    """Return the rows: words, then real numbers; the totals last where they are not the sums of what is above."""
    rows = [[*table.words(key), *_values(table, key)] for key in table.rows]
    if rows and not table.pivot.measure.adds_up:
        heads = [gettext("Total"), *[""] * (len(table.pivot.rows) - 1)]
        rows.append([*heads, *total_values(table)])
    return rows


def total_values(table: PivotTable) -> list[Any]:
    """Return the totals of the columns, and of everything where something stands across."""
    measure = table.pivot.measure
    found = [table.column_totals[key].value(measure) if key in table.column_totals else None for key in table.columns]
    return [*found, table.total.value(measure)] if table.pivot.across is not None else found


def chart_of_pivot(table: PivotTable, *, title: str) -> Markup | None:
    """Draw the rows as bars, with one colour for each column; None where they could not be told apart."""
    measure = table.pivot.measure
    if not 1 <= len(table.rows) <= MOST_BARS or len(table.columns) > COLOURS:
        return None
    labels = [" · ".join(reversed(table.words(key))) for key in table.rows]  # Cut off: what tells them apart is first.
    series = [
        Series(table.column_word(column), [table.value(row, column) for row in table.rows]) for column in table.columns
    ]
    if all(value is None for one in series for value in one.values):
        return None
    key = chart_legend([one.name for one in series]) if table.pivot.across is not None else Markup()
    return key + bar_chart(labels, series, title=f"{title}: {measure.label}")


def _values(table: PivotTable, row: tuple[Any, ...]) -> Sequence[Any]:
    found = [table.value(row, column) for column in table.columns]
    if table.pivot.across is None:
        return found
    return [*found, table.row_totals[row].value(table.pivot.measure)]


def shown_heads(table: PivotTable) -> list[list[str]]:
    """Return the heads of the rows; of two fields, the first is named where it changes, so that groups are seen."""
    found = []
    above: tuple[Any, ...] = ()
    for key in table.rows:
        words = table.words(key)
        found.append([*("" if above[:1] == key[:1] else word for word in words[:-1]), words[-1]])
        above = key
    return found
