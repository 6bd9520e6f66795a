"""Running an import: every row through the add form and the create service; one wrong row undoes all."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flask_appbuilder.security.sqla.models import User
from flask_babel import force_locale
from werkzeug.datastructures import MultiDict

from app.crud.fields import LinesField
from app.crud.importing.reading import Table
from app.crud.records import call_in_savepoint
from app.database.session import session
from app.errors import AppError, Duplicate, ValidationError
from app.i18n import _

if TYPE_CHECKING:
    from app.crud.view import CrudView

MOST_PROBLEMS = 500


@dataclass
class Report:
    """What became of a file: how many rows were saved, and what is wrong with the others."""

    rows: int = 0
    saved: int = 0
    skipped: int = 0
    problems: list[dict[str, Any]] = field(default_factory=list)

    def add(self, row: int, name: str | None, label: str, message: str, match: str = "") -> None:
        """Note one wrong cell; `match` names the record that a duplicate repeats."""
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append({"row": row, "field": name, "label": label, "message": message, "match": match})


def run_import(
    view: "CrudView", table: Table, *, actor: User, dry_run: bool, skip_duplicates: bool, progress: Any
) -> Report:
    """Create a record for every row, or none if any row is wrong; a dry run keeps nothing.

    Duplicates are wrong rows unless `skip_duplicates` leaves them out. Raises ValidationError for headings
    that do not fit.
    """
    names = match_headings(view, table.headings)
    report = Report(rows=len(table.rows))
    whole = session.begin_nested()
    for done, (number, cells) in enumerate(table.rows, start=1):
        _import_row(view, report, number, dict(zip(names, cells, strict=False)), actor, skip_duplicates=skip_duplicates)
        progress(done, len(table.rows))
    if dry_run or report.problems:
        whole.rollback()
        session.expire_all()
    else:
        whole.commit()
    if report.problems:
        report.saved = 0
    return report


def match_headings(view: "CrudView", headings: Sequence[str]) -> list[str]:
    """Return the field of each heading; raises ValidationError for one that is unknown, double or missing."""
    known = heading_names(view)
    found = []
    for heading in headings:
        name = known.get(_key(heading))
        if name is None:
            raise ValidationError(
                "import.heading",
                _("The column '%(heading)s' is not known here."),
                field="file",
                heading=heading[:40] or "?",
            )
        if name in found:
            raise ValidationError(
                "import.double", _("The column '%(heading)s' stands twice."), field="file", heading=heading
            )
        found.append(name)
    form = view.add_form(meta={"csrf": False})
    fixed = view.importer.fixed if view.importer else {}
    for name in view.add_names:
        if form[name].flags.required and name not in found and name not in fixed and form[name].data is None:
            raise ValidationError(
                "import.missing",
                _("The column '%(heading)s' is missing."),
                field="file",
                heading=str(form[name].label.text),
            )
    return found


def heading_names(view: "CrudView") -> dict[str, str]:
    """Return the field that each possible heading names: in every language, as a name, as an alias."""
    found: dict[str, str] = {}
    for column in view.importer.columns if view.importer else ():
        for heading in (column.name, *column.aliases):
            found[_key(heading)] = column.name
        for language in ("zh", "en"):
            with force_locale(language):
                label = view.add_form(meta={"csrf": False})[column.name].label.text
                found[_key(str(label))] = column.name
    return found


def _key(heading: str) -> str:
    return "".join(heading.split()).lower()


def _import_row(
    view: "CrudView", report: Report, number: int, cells: dict[str, str], actor: User, *, skip_duplicates: bool
) -> None:
    data = {**(view.importer.fixed if view.importer else {}), **{name: cell for name, cell in cells.items() if cell}}
    form = view.add_form(formdata=MultiDict(data), meta={"csrf": False})
    if not form.validate():
        for name, messages in form.errors.items():
            label = form[name].label.text if name in form else ""
            report.add(number, name, str(label), "; ".join(str(message) for message in messages))
        return
    values = {
        name: form[name].rows if isinstance(form[name], LinesField) else form[name].data for name in view.add_names
    }
    try:
        call_in_savepoint(view.create, actor=actor, **values)
        report.saved += 1
    except Duplicate as error:
        if skip_duplicates:
            report.skipped += 1
        else:
            report.add(number, error.field, _label(form, error.field), str(error), error.match)
    except AppError as error:
        report.add(number, error.field, _label(form, error.field), str(error))


def _label(form: Any, name: str | None) -> str:
    return str(form[name].label.text) if name and name in form else ""
