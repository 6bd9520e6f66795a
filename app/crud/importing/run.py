"""Running an import: every row through the add form and the create service; one wrong row undoes all."""

import datetime as dt
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flask import current_app
from flask_appbuilder.security.sqla.models import User
from flask_babel import force_locale
from werkzeug.datastructures import MultiDict

from app.companies.clock import active_zone
from app.crud.forms import tick_defaults, values_of
from app.crud.importing.definition import ImportColumn
from app.crud.importing.lines import line_columns, line_headings, missing_lines, read_lines
from app.crud.importing.reading import Table
from app.crud.records import call_in_savepoint
from app.database.columns import utc_now
from app.database.keeping import keeping_records
from app.database.session import session
from app.errors import AppError, Duplicate, Text, ValidationError
from app.i18n import _
from app.parameters.platform_values import GOOD_ROWS, IMPORT_MODE

if TYPE_CHECKING:
    from app.crud.view import CrudView

MOST_PROBLEMS = 500
Row = tuple[int, dict[str, str]]  # Its number in the file, and its filled cells by field.
FORMULA_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!"})


@dataclass
class Report:
    """What became of a file: how many rows were saved, or would be, and what is wrong with the others."""

    rows: int = 0
    fine: int = 0
    duplicates: int = 0  # Rows that repeat a record, and are not to be left out.
    wrong: int = 0  # Rows with something else to correct.
    skipped: int = 0
    problems: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[dict[str, Any]] = field(default_factory=list)  # What stops nothing, but should be known.
    keeps_good_rows: bool = False  # The company's policy core.import_mode (S:CORE-13).

    @property
    def saved(self) -> int:
        """How many rows are saved: all that are not left out, or none unless the policy keeps those in order."""
        return self.fine if self.keeps_good_rows or not (self.duplicates or self.wrong) else 0

    def add(self, row: int, name: str | None, label: str, message: str, match: str = "") -> None:
        """Note one wrong cell; `match` names the record that a duplicate repeats."""
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append({"row": row, "field": name, "label": label, "message": message, "match": match})

    def warn(self, row: int, message: Text) -> None:
        """Note what should be known of a row that is saved all the same."""
        if len(self.warnings) < MOST_PROBLEMS:
            self.warnings.append({"row": row, "message": str(message)})


def run_import(
    view: "CrudView", table: Table, *, actor: User, dry_run: bool, skip_duplicates: bool, progress: Any
) -> Report:
    """Create a record for every row, or none if any row is wrong and the policy is all or nothing (S:CORE-13).

    A dry run keeps nothing. Duplicates are wrong rows unless `skip_duplicates` leaves them out. Raises ValidationError
    for headings that do not fit.
    """
    names = match_headings(view, table.headings)
    report = Report(rows=len(table.rows), keeps_good_rows=IMPORT_MODE.value(_today()) == GOOD_ROWS)
    whole = session.begin_nested()
    with keeping_records():
        rows = [(number, _named(names, cells)) for number, cells in table.rows]
        done = 0
        for record in _records(view, rows):
            _import_record(view, report, record, actor, skip_duplicates=skip_duplicates)
            done += len(record)
            progress(done, len(rows))
    if dry_run or not report.saved:
        whole.rollback()
        session.expire_all()
    else:
        whole.commit()
    return report


def _today() -> dt.date:
    return utc_now().astimezone(active_zone()).date()


def match_headings(view: "CrudView", headings: Sequence[str]) -> list[str]:
    """Return the field of each heading, "" for a blank one.

    Raises ValidationError for a heading that is unknown, double or missing.
    """
    known = heading_names(view)
    found: list[str] = []
    for heading in headings:
        name = known.get(_key(heading)) if heading else ""
        if name is None:
            raise ValidationError(
                "import.heading", _("The column '%(heading)s' is not known here."), field="file", heading=heading[:40]
            )
        if name and name in found:
            raise ValidationError(
                "import.double", _("The column '%(heading)s' stands twice."), field="file", heading=heading[:40]
            )
        found.append(name)
    for label in _missing(view, found):
        raise ValidationError("import.missing", _("The column '%(heading)s' is missing."), field="file", heading=label)
    return found


def _missing(view: "CrudView", found: Sequence[str]) -> list[str]:
    form = view.add_form(meta={"csrf": False})
    given = {*found, *(view.importer.fixed if view.importer else ())}
    needed = [form[name] for name in view.add_names if form[name].flags.required and form[name].data is None]
    return [str(field.label.text) for field in needed if field.short_name not in given] + missing_lines(view, found)


def _named(names: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    """Return the filled cells of a row by field; what stands under no heading comes under ""."""
    places = itertools.zip_longest(names, cells[: len(names)], fillvalue="")
    stray = next((cell for cell in cells[len(names) :] if cell), "")
    found = {"": stray} if stray else {}
    return found | {name: cell for name, cell in places if cell}


def import_columns(view: "CrudView") -> list[ImportColumn]:
    """Return the columns that a file may have: those of the fields that the actor may fill."""
    return [column for column in view.importer.columns if column.name in view.add_names] if view.importer else []


def heading_names(view: "CrudView") -> dict[str, str]:
    """Return the field that each possible heading names: in every language, as a name, as an alias."""
    found: dict[str, str] = {}
    for column in import_columns(view):
        for heading in (column.name, *column.aliases):
            found[_key(heading)] = column.name
        for language in current_app.config["LANGUAGES"]:
            with force_locale(language):
                label = view.add_form(meta={"csrf": False})[column.name].label.text
                found[_key(str(label))] = column.name
    return {_key(heading): name for heading, name in line_headings(view).items()} | found


def _key(heading: str) -> str:
    return "".join(heading.split()).lower()


def _records(view: "CrudView", rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Return the rows of each record: one, unless the rows are lines."""
    key = view.importer.groups_by if view.importer else ""
    record: list[Row] = []
    for row in rows:
        named = row[1].get(key)
        if record and not (key and named in (None, record[0][1].get(key))):
            yield record
            record = []
        record.append(row)
    if record:
        yield record


def _import_record(
    view: "CrudView", report: Report, record: Sequence[Row], actor: User, *, skip_duplicates: bool
) -> None:
    of_lines = line_columns(view)
    number, first = record[0]
    cells = {name: cell for name, cell in first.items() if name not in of_lines}
    fixed = view.importer.fixed if view.importer else {}
    typed = MultiDict(fixed | cells)
    whole = view.whole_shape  # No cell stands under the heading of a field that is kept back; the others are fixed.
    tick_defaults(typed, whole.add_form, whole.add_names)
    form = whole.add_form(formdata=typed, meta={"csrf": False, "names_records": True})
    problems = _unreadable(form, cells)
    if not form.validate():
        problems |= {name: "; ".join(map(str, messages)) for name, messages in form.errors.items() if name in form}
    for name, message in problems.items():
        report.add(number, name or None, _label(form, name), message)
    lines, wrong_lines = read_lines(view, record, besides=cells)
    for problem in wrong_lines:
        report.add(*problem)
    if problems or wrong_lines:
        report.wrong += len(record)
        return
    try:
        values = values_of(form, view.whole_shape.add_names) | lines
        created = call_in_savepoint(view.create, actor=actor, **values)
        report.fine += len(record)
        if view.importer and view.importer.warn and (warning := view.importer.warn(created)):
            report.warn(number, warning)
    except Duplicate as error:
        if skip_duplicates:
            report.skipped += len(record)
        else:
            report.duplicates += len(record)
            report.add(number, error.field, _label(form, error.field), str(error), error.match)
    except AppError as error:
        report.wrong += len(record)
        report.add(number, error.field, _label(form, error.field), str(error))


def _unreadable(form: Any, cells: dict[str, str]) -> dict[str, str]:
    """Return what no form would notice: a value under no heading, and the error of a formula."""
    found = {}
    for name, cell in cells.items():
        if not name:
            found[""] = str(_("'%(value)s' stands under no heading.")) % {"value": cell[:40]}
        elif cell in FORMULA_ERRORS:
            found[name] = str(_("The formula in this cell gives %(value)s.")) % {"value": cell}
    return found


def _label(form: Any, name: str | None) -> str:
    return str(form[name].label.text) if name and name in form else ""
