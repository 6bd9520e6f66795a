"""Rows of a file that are the lines of a record: an order with its products."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from flask import current_app
from flask_babel import force_locale
from werkzeug.datastructures import MultiDict
from wtforms import Form

from app.crud.forms import tick_defaults
from app.i18n import _

if TYPE_CHECKING:
    from app.crud.importing.definition import ImportColumn
    from app.crud.view import CrudView

Problem = tuple[int, str | None, str, str]  # Row, field, label, what is wrong.


def line_columns(view: "CrudView") -> dict[str, "ImportColumn"]:
    """Return the columns of lines that a file may have, by the name that a cell of theirs has: "lines.quantity"."""
    if view.importer is None or not view.importer.lines:  # A page that only takes files has no lines at all.
        return {}
    if view.lines is None or view.lines.name not in view.add_names:
        return {}
    return {_name(view, column.name): column for column in view.importer.lines}


def line_form(view: "CrudView") -> type[Form]:
    """Return the form of one line."""
    assert view.lines is not None  # noqa: S101  # Who has columns of lines has lines.
    found: type[Form] = getattr(view.whole_shape.add_form, view.lines.name).args[0]
    return found


def line_headings(view: "CrudView") -> dict[str, str]:
    """Return the cell that each possible heading of a line's column names: in every language, or as an alias."""
    found: dict[str, str] = {}
    for name, column in line_columns(view).items():
        found |= dict.fromkeys((name, column.name, *column.aliases), name)
        for language in current_app.config["LANGUAGES"]:
            with force_locale(language):
                found[str(line_form(view)()[column.name].label.text)] = name
    return found


def missing_lines(view: "CrudView", found: Sequence[str]) -> list[str]:
    """Return the labels of the columns without which no line can be read."""
    columns = line_columns(view)
    if not columns:
        return []
    form = line_form(view)()
    needed = [(name, form[column.name]) for name, column in columns.items()]
    return [
        str(field.label.text)
        for name, field in needed
        if field.flags.required and field.data is None and name not in found
    ]


def read_lines(
    view: "CrudView", record: Sequence[tuple[int, dict[str, str]]], *, besides: Mapping[str, str]
) -> tuple[dict[str, list[dict[str, Any]]], list[Problem]]:
    """Return the values of a record's lines, and what is wrong in which row.

    `besides` is what the record's first row says of the record itself; no other row may say something else.
    """
    columns = line_columns(view)
    if not columns or view.lines is None:
        return {}, []
    rows: list[dict[str, Any]] = []
    problems: list[Problem] = []
    if len(record) > view.lines.maximum:
        text = str(_("At most %(limit)s lines.")) % {"limit": view.lines.maximum}
        return {}, [(record[0][0], view.lines.name, str(view.lines.label), text)]
    for number, cells in record:
        form = _read(view, {columns[name].name: cell for name, cell in cells.items() if name in columns})
        problems += [
            (number, f"{view.lines.name}.{name}", str(form[name].label.text), "; ".join(map(str, messages)))
            for name, messages in form.errors.items()
            if name is not None
        ]
        problems += _contradictions(view, number, cells, besides)
        rows.append({column.name: form[column.name].data for column in columns.values()})
    return {view.lines.name: rows}, problems


def _read(view: "CrudView", typed: Mapping[str, str]) -> Form:
    kind, flat = line_form(view), MultiDict({"": "", **typed})
    tick_defaults(flat, kind, [name for name in dir(kind) if hasattr(getattr(kind, name), "field_class")])
    form = kind(formdata=flat, meta={"names_records": True})
    form.validate()
    return form


def _contradictions(
    view: "CrudView", number: int, cells: Mapping[str, str], besides: Mapping[str, str]
) -> list[Problem]:
    """Return the cells that say of the record what its first row does not."""
    of_lines, form = line_columns(view), view.add_form(meta={"csrf": False})
    text = str(_("The first row of this record says something else: “%(value)s”."))
    return [
        (number, name, str(form[name].label.text), text % {"value": besides.get(name, "")[:40]})
        for name, cell in cells.items()
        if name and name not in of_lines and cell != besides.get(name)
    ]


def _name(view: "CrudView", column: str) -> str:
    return f"{view.lines.name}.{column}" if view.lines is not None else column
