"""Reports: on the screen, as Excel, as a page to print."""

import tempfile
from collections.abc import Callable
from functools import partial
from typing import IO, Any

from flask import abort, current_app, jsonify, request, send_file, url_for
from flask_appbuilder import BaseView, expose
from flask_login import login_required

from app.audit import record_security_event
from app.companies.clock import active_zone, local_today
from app.companies.models import Company
from app.crud.exporting import EXCEL, SPOOL
from app.crud.lookups import find_titles
from app.database.columns import utc_now
from app.database.context import active_company
from app.database.session import session
from app.errors import NotAllowed, ValidationError
from app.i18n import _
from app.reports import (
    Report,
    ReportArguments,
    chart_of,
    count_rows,
    list_rows,
    read_arguments,
    stream_rows,
    sum_columns,
)
from app.reports.pdf import write_pdf
from app.reports.spreadsheet import write_sheet
from app.security.gate import is_open
from app.security.roles import acting_user, may

SHOWN_ROWS = 200


class ReportView(BaseView):
    """Runs a report of an add-on that is on. Who may list its model may see it; a file needs the right to export."""

    route_base = "/reports"
    default_view = "show"

    @expose("/<name>")
    @login_required
    def show(self, name: str) -> Any:
        """Show the report; a filter that makes no sense is named beside it, and nothing is run."""
        report = _open_report(name)
        error, context = None, {}
        try:
            arguments = _arguments(report)
            rows = list_rows(report, arguments, limit=SHOWN_ROWS)
            context = {
                "rows": rows,
                "count": count_rows(report, arguments),
                "totals": sum_columns(report, arguments),
                "chart": chart_of(report, rows),
                "arguments": arguments,
            }
        except ValidationError as refused:
            error = refused
        query = request.query_string.decode()
        may_export = may(acting_user(), "export", report.resource)
        may_print = may_export or may(acting_user(), "print", report.resource)
        return self.render_template(
            "reports/report.html",
            title=report.title,
            report=report,
            error=error,
            raw=request.args,
            limit=SHOWN_ROWS,
            excel_url=f"{url_for('ReportView.excel', name=name)}?{query}" if may_export else None,
            pdf_url=f"{url_for('ReportView.pdf', name=name)}?{query}" if may_print else None,
            **context,
        ), 422 if error else 200

    @expose("/<name>/lookup/<filter_name>")
    @login_required
    def lookup(self, name: str, filter_name: str) -> Any:
        """Answer the combobox of a filter that names a record."""
        asked = next((one for one in _open_report(name).filters if one.name == filter_name and one.model), None)
        if asked is None:
            abort(404)
        return jsonify(find_titles(asked.model, request.args.get("q", ""), actor=acting_user()))

    @expose("/<name>/excel")
    @login_required
    def excel(self, name: str) -> Any:
        """Send the report as an Excel file."""
        report = _exportable(name)
        rows = stream_rows(report, _arguments(report, verb="export"))

        def write(target: IO[bytes]) -> None:
            count = write_sheet(report.columns, rows, target, title=str(report.title), zone=active_zone())
            record_security_event("report.exported", report=name, rows=count)

        return send_file(_written(write), mimetype=EXCEL, as_attachment=True, download_name=f"{name}.xlsx")

    @expose("/<name>/pdf")
    @login_required
    def pdf(self, name: str) -> Any:
        """Show the report as a PDF, ready to print. Who may print the resource needs no right to export."""
        report = _open_report(name)
        verb = "print" if may(acting_user(), "print", report.resource) else "export"
        if verb == "export":
            _exportable(name)
        written = _written(partial(print_report, report, _arguments(report, verb=verb)))
        return send_file(written, mimetype="application/pdf", download_name=f"{name}.pdf")


def print_report(report: Report, arguments: ReportArguments, target: Any) -> None:
    """Write a report as PDF for the active company; raises what the report's `before_print` refuses with."""
    if report.before_print is not None:
        report.before_print(arguments)
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


def _written(write: Callable[[IO[bytes]], None]) -> IO[bytes]:
    """Return a file with what `write` writes, to be read; none is left open when that is refused."""
    target: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=SPOOL)  # noqa: SIM115  # send_file closes it.
    try:
        write(target)
    except BaseException:
        target.close()
        raise
    target.seek(0)
    return target


def _open_report(name: str) -> Report:
    report: Report = current_app.extensions["reports"].get(name) or abort(404)
    if active_company() is None or not is_open(report.resource):
        abort(404)
    if not may(acting_user(), "list", report.resource):
        abort(403)
    return report


def _exportable(name: str) -> Report:
    report = _open_report(name)
    if not may(acting_user(), "export", report.resource):
        raise NotAllowed("report.export", _("You may not take this report out of the system."))
    return report


def _arguments(report: Report, *, verb: str = "list") -> ReportArguments:
    company = session.get_one(Company, active_company())
    return read_arguments(
        report, request.args, actor=acting_user(), today=local_today(company, utc_now()), zone=active_zone(), verb=verb
    )
