"""The filtered list as Excel: straight from the rows where the database knows every column."""

import tempfile
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from flask import send_file
from flask_appbuilder.security.sqla.models import User

from app.audit import record_security_event
from app.companies.clock import active_zone
from app.crud.columns import Kind, ScreenColumn
from app.crud.list_page import query_of, shown_value
from app.crud.listing import CHUNK, ListQuery
from app.crud.slots import Column, open_slots
from app.database.session import session
from app.reports.definition import ReportColumn
from app.reports.spreadsheet import write_sheet
from app.security.masking import sees_all_personal
from app.security.roles import may

if TYPE_CHECKING:
    from app.crud.view import CrudView

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SPOOL = 2**18  # A small file stays in memory, a large one goes to disk.
_KINDS: dict[Kind, Any] = {
    Kind.INTEGER: "integer",
    Kind.QUANTITY: "quantity",
    Kind.MONEY: "money",
    Kind.DATE: "date",
    Kind.DATETIME: "datetime",
    Kind.CHOICE: "choice",
    Kind.BOOL: "bool",
}


def export_list(view: "CrudView", actor: User) -> Any:
    """Send the list, with its filters and its order, as one Excel file. Raises ValidationError for a filter."""
    query, refused = query_of(view, actor, verb="export")
    for error in refused:  # More rows than were asked for must not leave the system.
        raise error
    target = tempfile.SpooledTemporaryFile(max_size=SPOOL)  # noqa: SIM115  # send_file closes it.
    count = write_sheet(
        export_columns(view, actor), export_rows(view, query, actor), target, title=str(view.title), zone=active_zone()
    )
    in_clear = [column.name for column in view.columns if column.name in view.personal]
    shown = in_clear if may(actor, "see_personal", view.resource) else []
    record_security_event("list.exported", resource=view.resource, rows=count, personal=shown)
    target.seek(0)
    return send_file(
        target, mimetype=EXCEL, as_attachment=True, download_name=f"{view.resource.replace('.', '-')}.xlsx"
    )


def export_columns(view: "CrudView", actor: User) -> list[ReportColumn]:
    """Return the columns of the file: those of the list, and those that other add-ons give it."""
    return [
        ReportColumn(column.name, column.label, _KINDS.get(column.kind, "text"))
        for column in [*view.columns, *open_slots(view.extensions, Column, actor=actor)]
    ]


def export_rows(view: "CrudView", query: ListQuery, actor: User) -> Iterator[Sequence[Any]]:
    """Yield the values of every row."""
    expressions = [slot.expression(view.model) for slot in open_slots(view.extensions, Column, actor=actor)]
    sees_all = sees_all_personal(actor, view.model, verb=query.verb)
    if all(_is_plain(column) and (sees_all or column.name not in view.personal) for column in view.columns):
        statement = query.rows(view.columns, expressions)
        yield from session.execute(statement, execution_options={"yield_per": CHUNK})
        return
    for records in query.chunks():
        more = query.slot_values([record.id for record in records], expressions) if expressions else {}
        for record in records:
            values = [shown_value(view, column, record, actor) for column in view.columns]
            yield [*values, *more.get(record.id, ())]


def _is_plain(column: ScreenColumn) -> bool:
    return column.attribute is not None and column.kind is not Kind.REFERENCE
