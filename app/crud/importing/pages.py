"""The pages of an import: get the template, send a file, see what is wrong, run it."""

import io
from functools import partial
from typing import Any

from flask import abort, current_app, redirect, request, send_file, url_for
from flask_appbuilder import expose, has_access
from flask_appbuilder.security.sqla.models import User
from werkzeug.datastructures import FileStorage

from app.companies.clock import active_zone, local_today
from app.companies.opening import get_company
from app.crud.exporting.pages import EXCEL
from app.crud.importing.reading import read_table
from app.crud.importing.run import match_headings, run_import
from app.crud.importing.sent import sent_or_pasted
from app.crud.importing.template import import_template
from app.crud.importing.uploads import claim_upload, delete_upload, keep_upload, upload_path
from app.crud.records import call_service
from app.database.columns import utc_now
from app.database.context import active_company
from app.database.session import on_commit
from app.errors import AppError, NotFound, ValidationError
from app.i18n import _
from app.jobs import Job, enqueue, get_job
from app.parameters.platform_values import IMPORT_MAX_ROWS
from app.reports.definition import ReportColumn
from app.reports.spreadsheet import write_sheet
from app.security.gate import is_open
from app.security.roles import acting_user, require

IMPORT_JOB = "crud.import"
PROBLEM_COLUMNS = (
    ReportColumn("row", _("Row"), "integer"),
    ReportColumn("label", _("Column")),
    ReportColumn("message", _("What is wrong")),
    ReportColumn("match", _("Existing record")),
)


class ImportPages:
    """What a CrudView with an `importer` can do besides."""

    @expose("/import", methods=["GET", "POST"])
    @has_access
    def import_file(self: Any) -> Any:
        """Take a file, or pasted cells; check it at once as far as its headings, then row by row in the background."""
        error: AppError | None = None
        if request.method == "POST":
            try:
                job = start_import(
                    self,
                    actor=acting_user(),
                    sent=sent_or_pasted(),
                    known=request.form.get("upload"),
                    dry_run=request.form.get("run") != "1",
                    skip_duplicates=request.form.get("skip_duplicates") == "1",
                )
                return redirect(url_for("JobView.show", job_id=job.id))
            except AppError as refused:
                error = refused
        return self.render_template(
            "crud/import.html",
            title=_("Import"),
            view=self,
            error=error,
            pasted=request.form.get("pasted", ""),
            maximum_rows=maximum_rows(),
            template_url=url_for(f"{self.endpoint}.import_template"),
            list_url=url_for(f"{self.endpoint}.list"),
        ), 422 if error else 200

    @expose("/import/template")
    @has_access
    def import_template(self: Any) -> Any:
        """Send the empty file with the right headings."""
        name = f"{self.resource.replace('.', '-')}-template.xlsx"
        return send_file(import_template(self), mimetype=EXCEL, as_attachment=True, download_name=name)

    @expose("/import/problems/<int:job_id>")
    @has_access
    def import_problems(self: Any, job_id: int) -> Any:
        """Send what a check found as Excel, to correct the file by."""
        found = get_job(job_id, actor=acting_user()).details or {}
        if found.get("kind") != "import" or found.get("resource") != self.resource:
            abort(404)
        rows = [[problem[column.name] for column in PROBLEM_COLUMNS] for problem in found["problems"]]
        target = io.BytesIO()
        write_sheet(PROBLEM_COLUMNS, rows, target, title=str(self.title), zone=active_zone())
        target.seek(0)
        name = f"{self.resource.replace('.', '-')}-problems.xlsx"
        return send_file(target, mimetype=EXCEL, as_attachment=True, download_name=name)


def start_import(
    view: Any, *, actor: User, sent: FileStorage | None, known: str | None, dry_run: bool, skip_duplicates: bool
) -> Job:
    """Take a file, or one checked before whose name is `known`, and let a job work through it.

    Raises ValidationError for a file that can never be read.
    """
    upload = claim_upload(known, resource=view.resource) if known else _taken_upload(view, sent)
    found: Job = call_service(
        enqueue,
        IMPORT_JOB,
        actor=actor,
        resource=view.resource,
        upload=upload,
        dry_run=dry_run,
        skip_duplicates=skip_duplicates,
    )
    return found


def maximum_rows() -> int:
    """Return how many rows one file may have: the company's parameter, under the hard limit."""
    today = local_today(get_company(active_company() or abort(404)), utc_now())
    return min(IMPORT_MAX_ROWS.value(today), current_app.config["IMPORT_HARD_LIMIT_ROWS"])


def import_job(progress: Any, *, resource: str, upload: str, dry_run: bool, skip_duplicates: bool) -> dict[str, Any]:
    """Run an import in the background; its details are what the page of the job shows.

    The add-on may have been switched off, and the right taken away, since the file was sent.
    """
    if not is_open(resource):
        raise NotFound("addon.disabled", _("This add-on is switched off."))
    require(progress.actor, "import", resource)
    view = importing_view(resource)
    table = read_table(upload_path(upload, resource=resource), maximum_rows=maximum_rows())
    report = run_import(
        view, table, actor=progress.actor, dry_run=dry_run, skip_duplicates=skip_duplicates, progress=progress
    )
    if not dry_run and (report.saved or not report.problems):
        on_commit(partial(delete_upload, upload, resource=resource))
    return {
        "kind": "import",
        "resource": resource,
        "upload": upload,
        "dry_run": dry_run,
        "skip_duplicates": skip_duplicates,
        "rows": report.rows,
        "fine": report.fine,
        "saved": report.saved,
        "skipped": report.skipped,
        "duplicates": report.duplicates,
        "wrong": report.wrong,
        "problems": report.problems,
        "warnings": report.warnings,
    }


def importing_view(resource: str) -> Any:
    """Return what takes files for a resource: a page of its own, or the generated view; None for neither."""
    own: Any = current_app.extensions["import_pages"].get(resource)
    return own or current_app.extensions["crud_views"].get(resource)


def _taken_upload(view: Any, sent: FileStorage | None) -> str:
    """Return the name of a new file, refused if it can never be read."""
    name = keep_upload(sent, resource=view.resource)
    try:
        path = upload_path(name, resource=view.resource)
        headings = read_table(path, maximum_rows=maximum_rows()).headings
        match_headings(view, headings)
    except ValidationError:
        delete_upload(name, resource=view.resource)
        raise
    return name
