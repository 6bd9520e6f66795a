"""Writing the PDF of chosen records: rows of a report, or a document for each."""

import datetime as dt
import enum
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from flask_appbuilder.security.sqla.models import User

from app.audit import record_security_event
from app.companies.clock import active_zone
from app.companies.models import Company
from app.crud.columns import ScreenColumn
from app.crud.exporting.pages import record_export
from app.crud.exporting.rows import report_column
from app.crud.list_page import base_query, shown_value
from app.crud.personal import is_own_reading
from app.crud.printing.definition import require_printing
from app.database.columns import utc_now
from app.database.context import active_company
from app.database.session import session
from app.errors import NotFound
from app.i18n import _
from app.reports import PageHead, Report, ReportArguments, read_arguments, seen_by, stream_rows
from app.reports.cells import cell_text
from app.reports.definition import ColumnKind
from app.reports.page_head import PaperLook
from app.reports.pdf import print_documents, write_pdf
from app.reports.runner import statement_of
from app.security.masking import may_see_personal

if TYPE_CHECKING:
    from app.crud.view import CrudView

Target = Path | IO[bytes]


def write_records(view: "CrudView", keys: Sequence[int], target: Target, *, actor: User) -> list[str]:
    """Write these records as one PDF and return the names of the columns that it shows.

    Records beyond the actor's reach are left out; raises NotFound where none is left, NotAllowed without the right.
    """
    verb = require_printing(view, actor)
    declared = view.printing
    if declared is not None and declared.report is not None:
        return _write_report(declared.report, keys, target, actor=actor, verb=verb)
    return _write_documents(view, keys, target, actor=actor, verb=verb)


def _write_report(report: Report, keys: Sequence[int], target: Target, *, actor: User, verb: str) -> list[str]:
    now, zone = utc_now(), active_zone()
    everything = {name: "" for each in report.filters for name in each.input_names}  # The records are chosen.
    arguments = read_arguments(report, everything, actor=actor, today=now.astimezone(zone).date(), zone=zone, verb=verb)
    chosen = seen_by(_of_records(report, keys, arguments), arguments)
    head = {"company": _company(), "printed_at": now, "printed_by": actor.get_full_name()}
    count = write_pdf(chosen, arguments, stream_rows(chosen, arguments), target, **head)
    if not count:
        raise _nothing()
    record_security_event("report.exported", report=report.name, rows=count)
    return [column.name for column in chosen.columns]


def _of_records(report: Report, keys: Sequence[int], arguments: ReportArguments) -> Report:
    """Return the report of these records alone. What it asks of a whole day, the step of each record asks here."""
    chosen, statement = copy(report), statement_of(report, arguments)
    chosen.query = statement.where(statement.selected_columns[report.opens].in_(keys))
    return chosen


def _write_documents(view: "CrudView", keys: Sequence[int], target: Target, *, actor: User, verb: str) -> list[str]:
    records = base_query(view, actor, verb=verb).records(keys)
    if not records:
        raise _nothing()
    columns, now, company = view.show_columns, utc_now(), _company()
    pages = []
    for record in records:
        heading, lines, look = _paper_of(view, record, columns, actor)
        pages.append((PageHead(company, heading, now, actor.get_full_name(), look=look), lines))
    signatures = [str(words) for words in (view.printing.signatures if view.printing else ())]
    print_documents(pages, target, zone=active_zone(), signatures=signatures)
    record_export(view, actor, len(records), clear=_clear_columns(view, records, columns, actor))
    return [column.name for column in columns]


def _clear_columns(view: "CrudView", records: Sequence[Any], columns: Sequence[ScreenColumn], actor: User) -> list[str]:
    """Return the columns that show somebody else's personal values in clear, by whatever right: a grant is one too."""
    others = [one for one in records if not is_own_reading(one, actor) and may_see_personal(actor, one)]
    return [one.name for one in columns if one.name in view.personal and any(one.value_of(each) for each in others)]


def _paper_of(
    view: "CrudView", record: Any, columns: Sequence[ScreenColumn], actor: User
) -> tuple[str, list[tuple[str, str]], PaperLook]:
    """Return heading, lines and look of one record: as its add-on words them, or field by field."""
    if view.printing is None or view.printing.document is None:
        return f"{view.title} · {record}", list(_lines_of(view, record, columns, actor)), PaperLook()
    paper = view.printing.document(record)
    hides = view.shape.limits.hides
    lines = [(str(label), words) for name, label, words in paper.lines if not (name and hides(name))]
    return paper.heading, lines, paper.look


def _lines_of(view: "CrudView", record: Any, columns: Sequence[ScreenColumn], actor: User) -> Iterator[tuple[str, str]]:
    """Yield what a document says: each field that is filled, then each of the lines."""
    if view.workflow is not None:
        yield str(_("State")), str(view.workflow.state_label(record.state))
    for column in columns:
        words = _words(column, shown_value(view, column, record, actor))
        if words and column.name != "state":
            yield str(column.label), words
    if view.shown_lines is None:
        return
    for number, line in enumerate(getattr(record, view.shown_lines.name), start=1):
        named = [(column.label, _words(column, column.value_of(line))) for column in view.shown_line_columns]
        yield f"{view.shown_lines.label} {number}", "\n".join(f"{label}: {words}" for label, words in named if words)


def _words(column: ScreenColumn, value: Any) -> str:
    """Return a value in words; of a property, whose kind no column tells, by what it is."""
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(sorted(_words(column, one) for one in value))
    kinds: dict[type, ColumnKind] = {bool: "bool", enum.Enum: "choice", dt.datetime: "datetime", Decimal: "quantity"}
    kind = next((kind for known, kind in kinds.items() if isinstance(value, known)), None)
    shown = report_column(column)
    return cell_text(replace(shown, kind=kind) if kind and shown.kind == "text" else shown, active_zone())(value)


def _company() -> str:
    return session.get_one(Company, active_company()).name


def _nothing() -> NotFound:
    return NotFound("print.nothing", _("None of the chosen records can be printed."))
