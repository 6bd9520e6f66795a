"""The statistics of a list: choosing, looking, drilling down, and taking them along as Excel or PDF (S:R-24)."""

import tempfile
from collections.abc import Callable, Sequence
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask import request, send_file, url_for
from flask_appbuilder import expose, has_access
from flask_appbuilder.security.sqla.models import User

from app.audit import record_security_event
from app.companies.clock import active_zone
from app.companies.models import Company
from app.crud.conditions import PREFIX
from app.crud.exporting.pages import EXCEL, SPOOL
from app.crud.list_page import filters_for, link_to, query_of, search_widget, view_switch
from app.crud.listing import ListQuery
from app.crud.pivots.fields import Dimension, dimensions_of, measures_of
from app.crud.pivots.report import chart_of_pivot, report_columns, report_rows, shown_heads, total_values
from app.crud.pivots.table import ACROSS, INNER_ROWS, MEASURE, ROWS, Key, PivotTable, read_pivot, run_pivot
from app.database.columns import utc_now
from app.database.context import active_company
from app.database.session import session
from app.errors import ValidationError
from app.i18n import _
from app.reports import PageHead, print_table, write_sheet
from app.security.roles import acting_user, may

if TYPE_CHECKING:
    from app.crud.view import CrudView

MOST_PRINTED_COLUMNS = 24  # More are not read on A4.


class PivotPages:
    """What a CrudView can do besides: its list in rows and columns of the reader's choice."""

    @expose("/pivot/")
    @has_access
    def pivot(self: Any) -> Any:
        """Show the choice, and what comes of it; a choice that makes no sense is named, and nothing is run."""
        actor = acting_user()
        query, refused = query_of(self, actor, request.args)
        table, error = None, next(iter(refused), None)
        try:
            asked = None if error else read_pivot(self, request.args)
            table = run_pivot(query, asked) if asked is not None else None
        except ValidationError as wrong:
            error = wrong
        exports = table is not None and may(actor, "export", self.resource)
        return self.render_template(
            "crud/pivot.html",
            title=self.title,
            view=self,
            error=error,
            choices=_choices(self),
            kept=[pair for pair in request.args.items(multi=True) if _is_kept(pair[0])],
            search=search_widget(self, query),
            views=view_switch(self, "pivot"),
            excel_url=link_to(self, "pivot_excel") if exports else None,
            pdf_url=link_to(self, "pivot_pdf") if exports else None,
            shown=_shown(self, table, actor) if table is not None else None,
        ), 422 if error else 200

    @expose("/pivot/excel")
    @has_access
    def pivot_excel(self: Any) -> Any:
        """Send the statistics as an Excel file with real numbers."""
        table = _exported(self, acting_user())
        title, zone = str(self.title), active_zone()

        def write(target: IO[bytes]) -> None:
            write_sheet(report_columns(table), report_rows(table), target, title=title, zone=zone)

        return send_file(_written(write), mimetype=EXCEL, as_attachment=True, download_name=_file_name(self, "xlsx"))

    @expose("/pivot/pdf")
    @has_access
    def pivot_pdf(self: Any) -> Any:
        """Show the statistics as pages to print."""
        actor = acting_user()
        table = _exported(self, actor)
        columns = report_columns(table)
        if len(columns) > MOST_PRINTED_COLUMNS:
            message = _("A page holds at most %(limit)s columns. Choose a longer span, or export to Excel.")
            raise ValidationError("pivot.wide", message, field=ACROSS, limit=MOST_PRINTED_COLUMNS)
        head = PageHead(
            session.get_one(Company, active_company()).name,
            str(self.title),
            utc_now(),
            actor.get_full_name(),
            _subtitle(self, table, actor),
        )

        def write(target: IO[bytes]) -> None:
            print_table(columns, report_rows(table), target, head=head, zone=active_zone())

        return send_file(_written(write), mimetype="application/pdf", download_name=_file_name(self, "pdf"))


def _exported(view: "CrudView", actor: User) -> PivotTable:
    """Return the pivot of what the actor may take out of the system, and note that it leaves.

    Raises ValidationError for a filter or a choice that makes no sense.
    """
    query, refused = query_of(view, actor, request.args, verb="export")
    for error in refused:
        raise error
    asked = read_pivot(view, request.args)
    if asked is None:
        raise ValidationError("pivot.rows", _("Choose what stands in the rows."), field=ROWS)
    table = run_pivot(query, asked)
    record_security_event("list.exported", resource=view.resource, rows=len(table.rows), personal=[])
    return table


def _choices(view: "CrudView") -> list[dict[str, Any]]:
    """Return the four questions with their answers; dates stand in groups, one entry for each span."""
    fields = [(one.key, one.label) for one in dimensions_of(view)]
    measures = [(one.key, one.label) for one in measures_of(view)]
    return [
        {"name": ROWS, "label": _("Row field"), "options": fields, "blank": _("Choose a field")},
        {"name": INNER_ROWS, "label": _("Second row field"), "options": fields, "blank": _("Nothing")},
        {"name": ACROSS, "label": _("Column field"), "options": fields, "blank": _("Nothing")},
        {"name": MEASURE, "label": _("Figure"), "options": measures, "blank": None},
    ]


def _shown(view: "CrudView", table: PivotTable, actor: User) -> dict[str, Any]:
    """Return what the page draws: heads, rows of (value, address), totals, and the chart."""
    addresses = _Addresses(view, actor)
    has_total = table.pivot.across is not None
    columns = report_columns(table)
    rows = []
    for key, heads in zip(table.rows, shown_heads(table), strict=True):
        cells = [(table.value(key, column), addresses.of(table, key, column)) for column in table.columns]
        if has_total:
            cells.append((table.row_totals[key].value(table.pivot.measure), addresses.of(table, key, ())))
        rows.append({"heads": heads, "cells": cells})
    down: Sequence[Key] = [*table.columns, ()] if has_total else table.columns
    totals = [(value, addresses.of(table, (), column)) for value, column in zip(total_values(table), down, strict=True)]
    return {
        "heads": columns[: len(table.pivot.rows)],
        "columns": columns[len(table.pivot.rows) :],
        "cell": columns[-1],
        "rows": rows,
        "totals": totals,
        "count": table.total.count,
        "chart": chart_of_pivot(table, title=str(view.title)),
    }


class _Addresses:
    """The lists behind the cells: the filters in force, and those that a cell adds."""

    def __init__(self, view: "CrudView", actor: User) -> None:
        self._list = url_for(f"{view.endpoint}.list")
        self._kept = [pair for pair in request.args.items(multi=True) if _is_kept(pair[0])]
        self._filtered = {column.name: column for column in filters_for(view, actor)}

    def of(self, table: PivotTable, row: Key, column: Key) -> str | None:
        """Return the list of the records of a cell or total; None where there are none, or no filter asks for them."""
        pivot = table.pivot
        if row and column and (row, column) not in table.cells:
            return None
        asked = list(self._kept)
        across: tuple[Dimension, ...] = (pivot.across,) if pivot.across is not None else ()
        for dimension, value in [*zip(pivot.rows, row, strict=False), *zip(across, column, strict=False)]:
            more = dimension.filters(self._filtered, value)
            if more is None:
                return None
            asked += more
        return f"{self._list}?{urlencode(asked)}" if asked else self._list


def _subtitle(view: "CrudView", table: PivotTable, actor: User) -> str:
    """Return in words what is counted and grouped by, and which filters hold, for the head of a printed page."""
    query: ListQuery = query_of(view, actor, request.args, verb="export")[0]
    said = [table.pivot.measure.label, *(one.label for one in table.pivot.dimensions)]
    said += [f"{one.column.label} {one.operator.label} {one.raw}" for one in query.conditions]
    return " · ".join([*said, query.text] if query.text else said)


def _is_kept(name: str) -> bool:
    """Tell whether an argument says which records are meant."""
    return name in {"q", "archived"} or name.startswith(PREFIX)


def _written(write: Callable[[IO[bytes]], None]) -> IO[bytes]:
    target: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=SPOOL)  # noqa: SIM115  # send_file closes it.
    try:
        write(target)
    except BaseException:
        target.close()
        raise
    target.seek(0)
    return target


def _file_name(view: "CrudView", ending: str) -> str:
    return f"{view.resource.replace('.', '-')}-statistics.{ending}"
