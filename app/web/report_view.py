"""Reports: on the screen, as Excel, as a page to print."""

import tempfile
from collections.abc import Callable
from functools import partial
from typing import IO, Any

from flask import abort, current_app, jsonify, redirect, request, send_file, url_for
from flask_appbuilder import BaseView, expose
from flask_login import login_required

from app.agreements.sharing import note_share
from app.companies.clock import active_zone
from app.crud.asking import asking_address
from app.crud.exporting.pages import EXCEL, SPOOL
from app.crud.lookups import find_titles
from app.crud.records import call_service
from app.database.columns import utc_now
from app.errors import ValidationError
from app.jobs import Job, enqueue
from app.reports import Report, ReportArguments, chart_of, count_rows, list_opening_rows, seen_by, sum_columns
from app.security.roles import acting_user, may, require
from app.statistics.comparing import is_dual_track, keep_run
from app.web.report_files import (
    EXCEL_JOB,
    PDF_JOB,
    arguments_of,
    find_report,
    is_long_print,
    is_long_sheet,
    print_report,
    printing_verb,
    require_export,
    write_excel,
)
from app.web.report_links import lists_behind, record_links
from app.web.rooms.dual_track import COMPARISON, DUAL_TRACK_REPORT, figures_address

SHOWN_ROWS = 200


class ReportView(BaseView):
    """Runs a report of an add-on that is on. Who may list its model may see it; a file needs the right to export."""

    route_base = "/reports"
    default_view = "show"

    @expose("/<name>")
    @login_required
    def show(self, name: str) -> Any:
        """Show the report; a filter that makes no sense is named beside it, and nothing is run."""
        report = find_report(name, acting_user())
        error, context = None, {}
        try:
            arguments = arguments_of(report, request.args, acting_user())
            report = seen_by(report, arguments)
            opening = list_opening_rows(report, arguments, limit=SHOWN_ROWS)
            rows = [row for _key, row in opening]
            context = {
                "rows": rows,
                "links": record_links(report, [key for key, _row in opening]),
                "lists": [lists_behind(report, arguments, key) for key, _row in opening],
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
            excel_url=_asking(report, f"{url_for('ReportView.excel', name=name)}?{query}") if may_export else None,
            keep_url=f"{url_for('ReportView.keep', name=name)}?{query}" if _may_keep(report) else None,
            pdf_url=_asking(report, f"{url_for('ReportView.pdf', name=name)}?{query}") if may_print else None,
            **context,
        ), 422 if error else 200

    @expose("/<name>/lookup/<filter_name>")
    @login_required
    def lookup(self, name: str, filter_name: str) -> Any:
        """Answer the combobox of a filter that names a record."""
        asked = next(
            (one for one in find_report(name, acting_user()).filters if one.name == filter_name and one.model), None
        )
        if asked is None:
            abort(404)
        return jsonify(find_titles(asked.model, request.args.get("q", ""), actor=acting_user()))

    @expose("/<name>/excel", methods=["GET", "POST"])
    @login_required
    def excel(self, name: str) -> Any:
        """Send the report as an Excel file; a long one is offered in the background, and asked for by POST."""
        actor = acting_user()
        report = find_report(name, actor)
        require_export(report, actor)
        arguments = arguments_of(report, request.args, actor, verb="export")
        if request.method == "POST":
            return self._started(EXCEL_JOB, arguments)
        if is_long_sheet(report, arguments):
            return self._offer(report, current_app.config["EXPORT_AT_ONCE_ROWS"])
        written = self._written(partial(write_excel, report, arguments), report)
        return send_file(written, mimetype=EXCEL, as_attachment=True, download_name=f"{name}.xlsx")

    @expose("/<name>/pdf", methods=["GET", "POST"])
    @login_required
    def pdf(self, name: str) -> Any:
        """Show the report as a PDF, ready to print; a long one is offered as above."""
        actor = acting_user()
        report = find_report(name, actor)
        arguments = arguments_of(report, request.args, actor, verb=printing_verb(report, actor))
        if request.method == "POST":
            return self._started(PDF_JOB, arguments)
        if is_long_print(report, arguments):
            return self._offer(report, current_app.config["PRINT_AT_ONCE_ROWS"])
        written = self._written(partial(print_report, report, arguments), report)
        return send_file(written, mimetype="application/pdf", download_name=f"{name}.pdf")

    @expose("/<name>/keep", methods=["POST"])
    @login_required
    def keep(self, name: str) -> Any:
        """Keep the report as it is now, to set figures made by hand beside it (S:CORE-23); go to its figures."""
        actor = acting_user()
        report = find_report(name, actor)
        require(actor, "edit", COMPARISON)
        arguments = arguments_of(report, request.args, actor)
        query = request.query_string.decode("ascii", "replace")
        run = call_service(keep_run, report, arguments, query=query, now=utc_now())
        return redirect(figures_address(run.id))

    def _offer(self, report: Report, limit: int) -> Any:
        return self.render_template("jobs/offer.html", title=report.title, limit=limit)

    def _written(self, write: Callable[[IO[bytes]], int], report: Report) -> IO[bytes]:
        """Return a file with what `write` writes, to be read; none is left open when that is refused."""
        target: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=SPOOL)  # noqa: SIM115  # send_file closes it.
        try:
            note_share(request.args, what=report.resource, rows=write(target), actor=acting_user())
        except BaseException:
            target.close()
            raise
        target.seek(0)
        return target

    def _started(self, job_name: str, arguments: ReportArguments) -> Any:
        """Let a job write the report that this request asks for; its day is the one on which it was asked."""
        job: Job = call_service(
            enqueue,
            job_name,
            actor=arguments.actor,
            report=(request.view_args or {})["name"],
            query=request.query_string.decode("ascii", "replace"),
            today=arguments.today,
        )
        return redirect(url_for("JobView.show", job_id=job.id))


def _asking(report: Report, address: str) -> str:
    """Return the address of a file, by way of the page that asks for whom it is where it has personal data."""
    return asking_address(address, is_personal=any(column.personal for column in report.columns))


def _may_keep(report: Report) -> bool:
    """Tell whether the reader may set figures made by hand beside those of this report, today."""
    today = utc_now().astimezone(active_zone()).date()
    has_numbers = report is not DUAL_TRACK_REPORT and any(column.is_number for column in report.columns)
    return has_numbers and may(acting_user(), "edit", COMPARISON) and is_dual_track(today)
