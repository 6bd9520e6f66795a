"""Cells and charts of reports on the screen."""

import json
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from markupsafe import Markup

from app.companies.clock import active_zone
from app.database.base import Model
from app.database.columns import read_id
from app.reports.cells import cell_text
from app.reports.charts import Series, bar_chart
from app.reports.definition import ReportColumn
from app.security.records import title_of
from app.security.roles import acting_user
from app.web.formatting import NOTHING, badge, cell


def report_cell(column: ReportColumn, value: Any) -> Any:
    """Return a value of a report's column; the words are the same as in its files."""
    if value is None or value == "":
        return NOTHING
    if column.kind == "bool":
        return cell(bool(value))
    words = cell_text(column, active_zone())(value)
    if column.kind == "choice" and column.choices is None:
        return badge(value)
    return words


def record_title(model: type[Model], key: Any) -> str:
    """Return the title of the record that a filter names; empty for none, and for one that the reader may not see."""
    known = read_id(str(key or ""))
    return "" if known is None else title_of(model, known, actor=acting_user())


def stock_chart(table: Any, title: str) -> Markup:
    """Return a chart view of FAB's as SVG: its own calls a script on another host."""
    if isinstance(table, str):
        table = json.loads(table)
    if isinstance(table, dict):
        rows: Sequence[Sequence[Any]] = [[place.get("v") for place in row["c"]] for row in table["rows"]]
        names = [str(column.get("label") or column.get("id")) for column in table["cols"]][1:]
    else:
        rows, names = [list(row) for row in table], [gettext("Count")]
    series = [Series(name, [float(row[index] or 0) for row in rows]) for index, name in enumerate(names, start=1)]
    return bar_chart([str(row[0]) for row in rows], series, title=str(title))
