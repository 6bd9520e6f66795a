"""The chart of a report, drawn from its rows."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from app.reports.cells import cell_text
from app.reports.charts import Series, bar_chart, chart_legend, compact, donut_chart, horizontal_bar_chart
from app.reports.definition import Report

MOST_LABELS = 60


def chart_of(report: Report, rows: Sequence[Sequence[Any]], *, zone: dt.tzinfo = dt.UTC) -> Markup | None:
    """Return the report's chart with its key, or None where it declares none or has no rows.

    More than 60 rows are too many to tell apart: the first 60 are drawn. `zone` is that of labels that are instants.
    """
    chart = report.chart
    if chart is None or not rows:
        return None
    places = {column.name: index for index, column in enumerate(report.columns)}
    shown = rows[:MOST_LABELS]
    word = cell_text(report.columns[places[chart.label]], zone)
    labels = [word(row[places[chart.label]]) for row in shown]

    def series(name: str) -> Series:
        label = str(report.columns[places[name]].label)
        return Series(label, [_amount(row[places[name]]) for row in shown])

    title, drawn = str(report.title), [series(name) for name in chart.values]
    if chart.kind == "donut":
        total = sum((value for value in drawn[0].values if value is not None), Decimal(0))
        return chart_legend(labels) + donut_chart(labels, drawn[0].values, title=title, centre=compact(total))
    if chart.kind == "horizontal":
        return horizontal_bar_chart(labels, drawn[0].values, title=title)
    line = series(chart.line) if chart.line else None
    key = chart_legend([each.name for each in drawn], line=line.name if line else None)
    return key + bar_chart(labels, drawn, title=title, line=line)


def _amount(value: Any) -> Decimal | None:
    """Return the amount to draw; None for a gap, and for what is no number, such as a masked value."""
    return Decimal(str(value)) if isinstance(value, int | float | Decimal) else None
