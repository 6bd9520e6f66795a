"""The rows of a list for a file: straight from the database where it knows every column."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from flask_appbuilder.security.sqla.models import User

from app.crud.columns import Kind, ScreenColumn
from app.crud.listing import ListQuery
from app.crud.slots import Column
from app.database.keeping import keeping_records
from app.database.session import session
from app.reports.definition import ReportColumn
from app.security.clearance import FACTS, Clearance, clearance_of
from app.security.masking import sees_all_personal

if TYPE_CHECKING:
    from app.crud.view import CrudView

_KINDS: dict[Kind, Any] = {
    Kind.INTEGER: "integer",
    Kind.QUANTITY: "quantity",
    Kind.MONEY: "money",
    Kind.DATE: "date",
    Kind.DATETIME: "datetime",
    Kind.CHOICE: "choice",
    Kind.BOOL: "bool",
}

FETCHED = 250  # Rows that are in memory at a time.


def export_columns(view: "CrudView", actor: User) -> list[ReportColumn]:
    """Return the columns of the file: those of the list, and those that other add-ons give it."""
    return [report_column(column) for column in [*view.columns, *view.slots(Column, actor)]]


def report_column(column: Any) -> ReportColumn:
    """Return a column of a screen as one of a file."""
    return ReportColumn(column.name, column.label, _KINDS.get(column.kind, "text"))


def export_rows(view: "CrudView", query: ListQuery, actor: User) -> Iterator[Sequence[Any]]:
    """Yield the values of every row, personal ones masked as in the list (P:CRM-20)."""
    expressions = [slot.expression(view.model) for slot in view.slots(Column, actor)]
    columns = view.columns
    sees_all = not view.personal or sees_all_personal(actor, view.model, verb=query.verb)
    clearance = None if sees_all else clearance_of(actor, view.model)
    if all(map(_is_plain, columns)):
        return _streamed(view, columns, query, expressions, clearance)
    return _read(view, columns, query, expressions, clearance)


def _is_plain(column: ScreenColumn) -> bool:
    return column.attribute is not None and column.kind is not Kind.REFERENCE


def _streamed(
    view: "CrudView",
    columns: Sequence[ScreenColumn],
    query: ListQuery,
    expressions: Sequence[Any],
    clearance: Clearance | None,
) -> Iterator[Sequence[Any]]:
    """Yield rows through a cursor on the server: no record is made, and none is kept."""
    options = {"yield_per": FETCHED}
    if clearance is None:
        yield from session.execute(query.rows(columns, expressions), execution_options=options)
        return
    names = [name for name in FACTS if hasattr(view.model, name)]
    facts = [getattr(view.model, name) for name in names]
    rows = session.execute(query.rows(columns, [*expressions, *facts]), execution_options=options)
    width = len(columns) + len(expressions)
    masks = {place: view.personal[each.name] for place, each in enumerate(columns) if each.name in view.personal}
    places = [width + names.index(name) if name in names else None for name in FACTS]
    with keeping_records():  # What a mask asks for, such as the company whose policy it follows, is read once.
        for values in clearance.masked_rows(rows, masks, places):
            yield values[:width]


def _read(
    view: "CrudView",
    columns: Sequence[ScreenColumn],
    query: ListQuery,
    expressions: Sequence[Any],
    clearance: Clearance | None,
) -> Iterator[Sequence[Any]]:
    """Yield rows record by record, for lists with columns that only the record knows."""
    masks = [view.personal.get(column.name) for column in columns]
    for records in query.chunks():
        more = query.slot_values([record.id for record in records], expressions) if expressions else {}
        for record in records:
            values = [column.value_of(record) for column in columns]
            if clearance is not None and not clearance.covers(*(getattr(record, name, None) for name in FACTS)):
                pairs = zip(masks, values, strict=True)
                values = [mask(value) if mask and value is not None else value for mask, value in pairs]
            yield [*values, *more.get(record.id, ())]
