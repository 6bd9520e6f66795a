"""Rows copied from a spreadsheet into the lines of a form: read by the fields of the lines, kept by nobody yet."""

import csv
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from flask import abort, jsonify, request
from flask_appbuilder import expose, has_access
from flask_babel import force_locale
from werkzeug.datastructures import MultiDict
from wtforms import Form

from app.crud.fields import FlagField, ReferenceField
from app.errors import ValidationError
from app.i18n import _

if TYPE_CHECKING:
    from app.crud.view import CrudView

Cell = dict[str, str]


class PastePages:
    """What a CrudView with lines can do besides."""

    @expose("/lines/paste", methods=["POST"])
    @has_access
    def paste_lines(self: Any) -> Any:
        """Answer what the cells of a pasted `text` are; `column` is the one that it was pasted into."""
        if self.lines is None:
            abort(404)
        return jsonify(read_block(self, request.form.get("text", ""), request.form.get("column", "")))


def read_block(view: "CrudView", text: str, column: str) -> dict[str, Any]:
    """Return the rows of a block as (value, text shown, error) of each field, and what stood beside all columns.

    A first row of headings says which columns these are; without one they go on from `column` to the right.
    Raises ValidationError for a text that is no table, and for more rows than a record may have lines.
    """
    typed = next(
        (form for form in (view.add_form, view.edit_form) if view.lines and hasattr(form, view.lines.name)), None
    )
    if view.lines is None or typed is None:
        raise ValidationError("paste.no_lines", _("There are no lines here."))
    line_form, columns = getattr(typed, view.lines.name).args[0], view.shape.line_names
    table = _table(text)
    if len(table) > view.lines.maximum + 1:
        raise ValidationError("paste.too_many", _("At most %(limit)s lines."), limit=view.lines.maximum)
    names = _headed(line_form, columns, table[0])
    if names is not None:
        table, ignored = table[1:], [cell for cell, name in zip(table[0], names, strict=True) if cell and not name]
    else:
        names, ignored = _from(columns, column), []
        ignored = sorted({cell for row in table for cell in row[len(names) :] if cell})[:5]
    return {"rows": [_read(line_form, names, row) for row in table], "ignored": ignored}


def _table(text: str) -> list[list[str]]:
    """Return the rows that are not blank; a cell with a line break stands in quotes, as spreadsheets write it."""
    try:
        rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text, newline=""), delimiter="\t")]
    except csv.Error as error:
        raise ValidationError("paste.unreadable", _("This cannot be read as rows of a table.")) from error
    table = [row for row in rows if any(row)]
    if not table:
        raise ValidationError("paste.empty", _("There are no rows to paste."))
    return table


def _headed(line_form: type[Form], columns: Sequence[str], first: Sequence[str]) -> list[str] | None:
    """Return the field of each heading, "" for an unknown one; None where the first row is no row of headings."""
    known = {_key(name): name for name in columns}
    for language in ("zh", "en"):
        with force_locale(language):
            form = line_form()
            known |= {_key(str(form[name].label.text)): name for name in columns}
    names = [known.get(_key(cell), "") for cell in first]
    found = [name for name in names if name]
    filled = sum(1 for cell in first if cell)
    return names if 2 * len(found) > filled and len(set(found)) == len(found) else None


def _key(heading: str) -> str:
    return "".join(heading.split()).lower().rstrip("*＊")


def _from(columns: Sequence[str], column: str) -> list[str]:
    return list(columns[columns.index(column) :] if column in columns else columns)


def _read(line_form: type[Form], names: Sequence[str], row: Sequence[str]) -> dict[str, Cell]:
    """Return each named cell of a row as its field reads it, records by their names, numbers or barcodes."""
    typed = {name: cell for name, cell in zip(names, row, strict=False) if name}
    form = line_form(formdata=MultiDict({"": "", **typed}), meta={"names_records": True})
    form.validate()
    return {name: _cell(form[name], cell) for name, cell in typed.items()}


def _cell(field: Any, typed: str) -> Cell:
    if field.errors:
        return {"value": typed, "text": typed, "error": str(field.errors[0])}
    if isinstance(field, FlagField):
        return {"value": "1" if field.data else "", "text": typed}
    shown = "" if field.data is None else field.show(field.data)
    return {"value": shown, "text": field.title() if isinstance(field, ReferenceField) else shown}
