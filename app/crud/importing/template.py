"""The file that an import starts from: headings in the reader's language, one example row."""

import io
from typing import TYPE_CHECKING, Any

from app.companies.clock import active_zone
from app.crud.importing.lines import line_columns, line_form
from app.crud.importing.run import import_columns
from app.reports.definition import ReportColumn
from app.reports.spreadsheet import write_sheet

if TYPE_CHECKING:
    from app.crud.view import CrudView


def import_template(view: "CrudView") -> io.BytesIO:
    """Return the template as an Excel file; a heading with a star needs a value."""
    form = view.add_form(meta={"csrf": False})
    columns = import_columns(view)
    headings = [_heading(column.name, form[column.name]) for column in columns]
    if of_lines := line_columns(view):
        line = line_form(view)()
        headings += [_heading(name, line[column.name]) for name, column in of_lines.items()]
        columns += of_lines.values()
    target = io.BytesIO()
    write_sheet(headings, [[column.example for column in columns]], target, title=str(view.title), zone=active_zone())
    target.seek(0)
    return target


def _heading(name: str, field: Any) -> ReportColumn:
    return ReportColumn(name, f"{field.label.text}{'*' if field.flags.required else ''}")
