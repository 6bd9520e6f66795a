"""Working through a sheet that came back: what changed, cell by cell, through the services that the form uses."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from flask_appbuilder.security.sqla.models import User
from werkzeug.datastructures import MultiDict

from app.companies.clock import active_zone
from app.crud.forms import tick_defaults, values_of
from app.crud.importing.reading import Table
from app.crud.importing.run import FORMULA_ERRORS
from app.crud.list_page import base_query
from app.crud.personal import MaskedRecord
from app.crud.records import call_in_savepoint
from app.crud.sheets.columns import RECORD, SheetColumn, sheet_columns, value_in
from app.crud.sheets.journal import changed_since, storable
from app.crud.sheets.report import SheetReport
from app.crud.sheets.seal import open_seal
from app.crud.sheets.writing import HIDDEN
from app.database.columns import utc_now
from app.database.keeping import keeping_records
from app.database.session import session
from app.errors import AppError, NotAllowed, ValidationError
from app.i18n import _
from app.parameters.platform_values import GOOD_ROWS, IMPORT_MODE
from app.security.roles import may

if TYPE_CHECKING:
    from app.crud.view import CrudView


class _RowError(Exception):
    """A row that cannot be saved: (column, what is wrong) for each reason."""

    def __init__(self, title: str, *messages: tuple[str, str]) -> None:
        super().__init__()
        self.title, self.messages = title, list(messages)


@dataclass(frozen=True)
class _Row:
    number: int
    key: str
    version: str
    seal: str
    cells: Mapping[str, str]


@dataclass
class _Run:
    view: "CrudView"
    actor: User
    columns: dict[str, SheetColumn]
    report: SheetReport
    seen: set[str]


def run_sheet(view: "CrudView", table: Table, *, actor: User, dry_run: bool, progress: Any) -> SheetReport:
    """Change every record whose row changed, or none if any row is refused and the policy is all or nothing.

    A dry run keeps nothing. Raises ValidationError for a file that is no sheet of this list.
    """
    names, expected = head_of(view, table.headings)
    today = utc_now().astimezone(active_zone()).date()
    rows = [_row(number, names, cells) for number, cells in _below_labels(table)]
    report = SheetReport(rows=len(rows), keeps_good_rows=_keeps_good_rows(today))
    run = _Run(view, actor, {column.name: column for column in sheet_columns(view, actor)}, report, set())
    whole = session.begin_nested()
    with keeping_records():
        for done, row in enumerate(rows, start=1):
            try:
                _take(run, row)
            except _RowError as refused:
                report.refuse(row.number, refused.title, refused.messages)
            progress(done, len(rows))
    report.missing = max(0, expected - sum(bool(row.key or row.seal) for row in rows))
    if dry_run or not report.saved:
        whole.rollback()
        session.expire_all()
    else:
        whole.commit()
    return report


def head_of(view: "CrudView", headings: Sequence[str]) -> tuple[list[str], int]:
    """Return the names of the hidden first row, and how many records left. Raises ValidationError without them."""
    names = [heading.partition(":")[0] for heading in headings]
    if tuple(names[: len(HIDDEN)]) != HIDDEN:
        raise ValidationError(
            "sheet.unknown",
            _("This is no sheet for editing: its hidden columns are missing. Get a new one from this list."),
            field="file",
        )
    known = {*HIDDEN, RECORD, *view.edit_names, *view.add_names, *view.shape.shown_only(view.whole_shape.edit_names)}
    for name in names:
        if name and (name not in known or names.count(name) > 1):
            raise ValidationError(
                "import.heading", _("The column '%(heading)s' is not known here."), field="file", heading=name[:40]
            )
    count = headings[len(HIDDEN) - 1].partition(":")[2]
    return names, int(count) if count.isdecimal() and len(count) < 9 else 0


def _keeps_good_rows(today: dt.date) -> bool:
    return bool(IMPORT_MODE.value(today) == GOOD_ROWS)


def _below_labels(table: Table) -> list[tuple[int, list[str]]]:
    """Return the rows under the labels, whose first cells say 'id' and 'version' too."""
    return [(number, cells) for number, cells in table.rows if tuple(cells[: len(HIDDEN)]) != HIDDEN]


def _row(number: int, names: Sequence[str], cells: Sequence[str]) -> _Row:
    padded = [*cells, *[""] * (len(names) - len(cells))]
    named = dict(zip(names, padded, strict=False))
    key, version, seal = (named.pop(name) for name in HIDDEN)
    named.pop("", None)
    return _Row(number, key, version, seal, named)


def _take(run: _Run, row: _Row) -> None:
    texts = {name: run.columns[name].text(cell) for name, cell in row.cells.items() if name in run.columns}
    if not (row.key or row.version or row.seal):
        _create(run, row, texts)
        return
    seal = open_seal(run.view.resource, row.key, row.version, row.seal)
    title = next((text for text in texts.values() if text), "")[:80]
    if seal is None:
        raise _RowError(title, ("", str(_("The hidden columns of this row were changed, or it is of another list."))))
    if row.key in run.seen:
        raise _RowError(title, ("", str(_("This record stands twice in the file."))))
    run.seen.add(row.key)
    changed = {name: text for name, text in texts.items() if not seal.holds(name, text)}
    if not changed:
        run.report.unchanged += 1
        return
    _change(run, row, title, changed)


def _change(run: _Run, row: _Row, title: str, changed: Mapping[str, str]) -> None:
    view, actor = run.view, run.actor
    columns = {name: run.columns[name] for name in changed}
    record = base_query(view, actor, verb="edit").find(int(row.key))
    if record is None:
        refused = NotAllowed("sheet.out_of_reach", _("This record is not there any more, or you may not change it."))
        raise _RowError(title, ("", str(refused)))
    title = str(record)
    if record.version != int(row.version):
        raise _RowError(title, ("", str(changed_since(record))))
    before = {name: value_in(view, column, record, actor) for name, column in columns.items()}
    locked = [
        (columns[name].label, str(_("You may not change this column.")))
        for name, (_shown, is_masked) in before.items()
        if is_masked or not columns[name].changes
    ]
    if locked:
        raise _RowError(title, *locked)
    old = {name: getattr(record, name) for name in changed}
    values = {name: value for name, value in _typed(run, row, record, title, changed).items() if value != old[name]}
    if not values:
        run.report.unchanged += 1
        return
    try:
        call_in_savepoint(view.change, record=record, actor=actor, version=record.version, **values)
    except AppError as error:
        raise _RowError(title, (_label_of(run, error.field), str(error))) from error
    cells = [_difference(run, columns[name], before[name][0], record) for name in values]
    run.report.note(row=row.number, title=title, key=record.id, cells=cells)
    run.report.journal.append({"id": record.id, "title": title, "old": {name: storable(old[name]) for name in values}})


def _typed(run: _Run, row: _Row, record: Any, title: str, changed: Mapping[str, str]) -> dict[str, Any]:
    """Return the values of the changed cells, read by the form of the screen."""
    shown = MaskedRecord(record, run.view.personal, run.actor)
    form = run.view.edit_form(
        formdata=_formdata(run, row, changed), obj=shown, meta={"csrf": False, "names_records": True}
    )
    _check(run, form, title, row, changed)
    return values_of(form, list(changed))


def _create(run: _Run, row: _Row, texts: Mapping[str, str]) -> None:
    filled = {name: text for name, text in texts.items() if row.cells[name]}
    if not filled:
        run.report.rows -= 1
        return
    title = next(iter(filled.values()))[:80]
    if "add" not in run.view.verbs or not may(run.actor, "add", run.view.resource):
        raise _RowError(title, ("", str(_("You may not add records here."))))
    if refused := [run.columns[name].label for name in filled if not run.columns[name].fills]:
        raise _RowError(title, *((label, str(_("A new record does not take this column."))) for label in refused))
    typed = _formdata(run, row, filled)
    tick_defaults(typed, run.view.add_form, run.view.add_names)
    form = run.view.add_form(formdata=typed, meta={"csrf": False, "names_records": True})
    _check(run, form, title, row, run.view.add_names)
    try:
        made = call_in_savepoint(run.view.create, actor=run.actor, **run.view.shape.new_values(form))
    except AppError as error:
        raise _RowError(title, (_label_of(run, error.field), str(error))) from error
    cells = [_difference(run, run.columns[name], None, made) for name in filled]
    run.report.note(row=row.number, title=str(made), key=None, cells=cells)
    run.report.journal.append({"id": made.id, "title": str(made), "old": None})


def _formdata(run: _Run, row: _Row, names: Iterable[str]) -> "MultiDict[str, str]":
    """Return the cells as a page would post them. Never empty: a form without data would show what is kept."""
    return MultiDict({"": "", **{name: run.columns[name].typed(row.cells[name]) for name in names}})


def _check(run: _Run, form: Any, title: str, row: _Row, names: Any) -> None:
    form.validate()
    wrong = [
        (str(form[name].label.text), str(_("The formula in this cell gives %(value)s.")) % {"value": row.cells[name]})
        for name in names
        if row.cells.get(name) in FORMULA_ERRORS
    ]
    wrong += [
        (str(form[name].label.text), "; ".join(map(str, form[name].errors)))
        for name in names
        if name in form and form[name].errors and row.cells.get(name) not in FORMULA_ERRORS
    ]
    if wrong:
        raise _RowError(title, *wrong)


def _difference(run: _Run, column: SheetColumn, before: Any, record: Any) -> dict[str, str]:
    after, _masked = value_in(run.view, column, record, run.actor)
    return {"label": column.label, "old": _worded(column, before), "new": _worded(column, after)}


def _worded(column: SheetColumn, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return str(column.field.show(value))
    return str(value)[:16] if isinstance(value, dt.datetime) else str(value)


def _label_of(run: _Run, name: str | None) -> str:
    column = run.columns.get(name or "")
    return column.label if column is not None else ""
