"""Files of reports: Excel and PDF, at once or by a job."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any
from urllib.parse import parse_qsl

from flask import abort, current_app
from flask_appbuilder.security.sqla.models import User

from app.agreements.sharing import RECIPIENT, check_recipient, note_share
from app.audit import record_security_event
from app.companies.clock import active_zone, local_today
from app.companies.models import Company
from app.database.columns import utc_now
from app.database.context import active_company
from app.database.session import session
from app.errors import NotAllowed, NotFound
from app.i18n import _
from app.jobs import Job, Progress, register_job
from app.reports import Report, ReportArguments, count_rows, describe_arguments, read_arguments, seen_by, stream_rows
from app.reports.pdf import MOST_PRINTED_ROWS, write_pdf
from app.reports.spreadsheet import write_sheet
from app.security.field_limits import refuse_hidden
from app.security.gate import is_open
from app.security.roles import may

EXCEL_JOB, PDF_JOB = "reports.export", "reports.print"
Target = Path | IO[bytes]


def register_report_jobs() -> None:
    """Let long reports be written in the background."""
    for name, work in ((EXCEL_JOB, excel_job), (PDF_JOB, pdf_job)):
        register_job(name, work, restartable=True, reads_only=True, check_download=check_download)


def find_report(name: str, actor: User) -> Report:
    """Return a report whose add-on is on; 404 for another, 403 where the actor may not list its model."""
    report: Report = current_app.extensions["reports"].get(name) or abort(404)
    if active_company() is None or not is_open(report.resource):
        abort(404)
    if not may(actor, "list", report.resource):
        abort(403)
    return report


def arguments_of(
    report: Report, raw: Mapping[str, str], actor: User, *, verb: str = "list", today: dt.date | None = None
) -> ReportArguments:
    """Return what was typed, parsed. Raises ValidationError naming the filter.

    For a file, raises NotAllowed where it is marked for an outside recipient who may not have it.
    """
    if verb != "list":
        check_recipient(raw, what=report.resource, actor=actor)
    day = today or local_today(session.get_one(Company, active_company()), utc_now())
    return read_arguments(report, raw, actor=actor, today=day, zone=active_zone(), verb=verb)


def require_export(report: Report, actor: User) -> None:
    """Raise NotAllowed unless the actor may take the report out of the system."""
    if not may(actor, "export", report.resource):
        raise NotAllowed("report.export", _("You may not take this report out of the system."))


def printing_verb(report: Report, actor: User) -> str:
    """Return the right by which the actor prints: who may print the resource needs no right to export."""
    if may(actor, "print", report.resource):
        return "print"
    require_export(report, actor)
    return "export"


def is_long_sheet(report: Report, arguments: ReportArguments) -> bool:
    """Tell whether the Excel file is made in the background."""
    limit = current_app.config["EXPORT_AT_ONCE_ROWS"]
    return count_rows(report, arguments, cap=limit).capped


def is_long_print(report: Report, arguments: ReportArguments) -> bool:
    """Tell whether the PDF is made in the background; one that is too long to print is refused at once."""
    count = count_rows(report, arguments, cap=MOST_PRINTED_ROWS)
    return not count.capped and count.number > int(current_app.config["PRINT_AT_ONCE_ROWS"])


def write_excel(report: Report, arguments: ReportArguments, target: Target, *, progress: Progress | None = None) -> int:
    """Write a report as an Excel file, and return how many rows it has."""
    report, expected = seen_by(report, arguments), progress.total if progress else 0
    count = write_sheet(
        report.columns,
        stream_rows(report, arguments),
        target,
        title=str(report.title),
        zone=arguments.zone,
        above=(session.get_one(Company, active_company()).name, describe_arguments(report, arguments)),
        progress=progress,
        expected=expected,
    )
    record_security_event("report.exported", report=report.name, rows=count)
    return count


def print_report(report: Report, arguments: ReportArguments, target: Any) -> int:
    """Write a report as PDF for the active company; raises what the report's `before_print` refuses with."""
    if report.before_print is not None:
        report.before_print(arguments)
    report = seen_by(report, arguments)
    company = session.get_one(Company, active_company())
    count = write_pdf(
        report,
        arguments,
        stream_rows(report, arguments),
        target,
        company=company.name,
        printed_at=utc_now(),
        printed_by=arguments.actor.get_full_name(),
    )
    record_security_event("report.exported", report=report.name, rows=count)  # Paper leaves the system as well.
    return count


def excel_job(progress: Progress, *, report: str, query: str, today: dt.date) -> dict[str, Any]:
    """Write a report's Excel file in the background."""
    asked = _asked(progress, report)
    require_export(asked, _actor(progress))
    arguments = arguments_of(asked, _typed(query), _actor(progress), verb="export", today=today)
    progress(0, count_rows(asked, arguments, cap=10**9).number)
    count = write_excel(asked, arguments, progress.result_file(f"{report}.xlsx"), progress=progress)
    return _told(asked, arguments, "export", count, typed=_typed(query))


def pdf_job(progress: Progress, *, report: str, query: str, today: dt.date) -> dict[str, Any]:
    """Write a report's PDF in the background."""
    asked = _asked(progress, report)
    verb = printing_verb(asked, _actor(progress))
    arguments = arguments_of(asked, _typed(query), _actor(progress), verb=verb, today=today)
    progress(0, count_rows(asked, arguments, cap=MOST_PRINTED_ROWS).number)
    count = print_report(asked, arguments, progress.result_file(f"{report}.pdf"))
    return _told(asked, arguments, verb, count, typed=_typed(query))


def _told(
    report: Report, arguments: ReportArguments, verb: str, count: int, *, typed: Mapping[str, str]
) -> dict[str, Any]:
    """Return what the page of the job says, and what must still be allowed when the file is fetched."""
    note_share(typed, what=report.resource, rows=count, actor=arguments.actor)
    names = [column.name for column in seen_by(report, arguments).columns]
    details = {"kind": "report", "report": report.name, "verb": verb, "rows": count, "fields": names}
    return {**details, RECIPIENT: typed.get(RECIPIENT, "")}


def check_download(job: Job, actor: User) -> None:
    """Refuse the file of a report that the actor may not take out of the system any more."""
    found = job.details or {}
    report: Report | None = current_app.extensions["reports"].get(found["report"])
    if report is None or not is_open(report.resource):
        raise NotFound("addon.disabled", _("This add-on is switched off."))
    if not (may(actor, "list", report.resource) and may(actor, found["verb"], report.resource)):
        raise NotAllowed("report.export", _("You may not take this report out of the system."))
    check_recipient({RECIPIENT: found.get(RECIPIENT, "")}, what=report.resource, actor=actor)
    refuse_hidden(actor, report.resource, found.get("fields", ()))


def _actor(progress: Progress) -> User:
    return progress.actor or abort(404)


def _asked(progress: Progress, name: str) -> Report:
    """Return the report of a job: the add-on may have been switched off, and the right taken away, since."""
    report: Report | None = current_app.extensions["reports"].get(name)
    if report is None or not is_open(report.resource):
        raise NotFound("addon.disabled", _("This add-on is switched off."))
    if not may(_actor(progress), "list", report.resource):
        raise NotAllowed("report.export", _("You may not take this report out of the system."))
    return report


def _typed(query: str) -> dict[str, str]:
    """Return what was typed; of a name that stands twice the first, as in a request."""
    return dict(reversed(parse_qsl(query, keep_blank_values=True)))
