"""The pages of an import: send a file, look at what is wrong, run it."""

import secrets
from pathlib import Path
from typing import Any

from flask import abort, current_app, redirect, request, send_file, url_for
from flask_appbuilder import expose, has_access

from app.companies.clock import local_today
from app.companies.opening import get_company
from app.crud.importing.reading import read_table
from app.crud.importing.run import match_headings, run_import
from app.crud.importing.template import import_template
from app.crud.records import call_service
from app.database.columns import utc_now
from app.database.context import active_company
from app.errors import AppError, ValidationError
from app.i18n import _
from app.jobs import enqueue
from app.parameters.platform_values import IMPORT_MAX_ROWS
from app.security.roles import acting_user

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
IMPORT_JOB = "crud.import"


class ImportPages:
    """What a CrudView with an `importer` can do besides."""

    @expose("/import", methods=["GET", "POST"])
    @has_access
    def import_file(self: Any) -> Any:
        """Take a file; check it at once as far as its headings, then row by row in the background."""
        error: AppError | None = None
        if request.method == "POST":
            try:
                upload = request.form.get("upload") or _keep_upload(self)
                job = call_service(
                    enqueue,
                    IMPORT_JOB,
                    actor=acting_user(),
                    resource=self.resource,
                    upload=upload,
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


def maximum_rows() -> int:
    """Return how many rows one file may have: the company's parameter, under the hard limit."""
    today = local_today(get_company(active_company() or abort(404)), utc_now())
    return min(IMPORT_MAX_ROWS.value(today), current_app.config["IMPORT_HARD_LIMIT_ROWS"])


def import_job(progress: Any, *, resource: str, upload: str, dry_run: bool, skip_duplicates: bool) -> dict[str, Any]:
    """Run an import in the background; its details are what the page of the job shows."""
    view = current_app.extensions["crud_views"][resource]
    table = read_table(_uploaded(upload), maximum_rows=maximum_rows())
    report = run_import(
        view, table, actor=progress.actor, dry_run=dry_run, skip_duplicates=skip_duplicates, progress=progress
    )
    if not (dry_run or report.problems):
        _uploaded(upload).unlink(missing_ok=True)
    return {
        "kind": "import",
        "resource": resource,
        "upload": upload,
        "dry_run": dry_run,
        "skip_duplicates": skip_duplicates,
        "rows": report.rows,
        "saved": report.saved,
        "skipped": report.skipped,
        "problems": report.problems,
    }


def _keep_upload(view: Any) -> str:
    """Store the file under a name nobody can guess, and refuse it before that if it can never be read."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise ValidationError("import.no_file", _("Choose a file first."), field="file")
    name = f"{secrets.token_hex(16)}{Path(sent.filename).suffix.lower()[:6]}"
    path = _folder() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    sent.save(path)
    try:
        match_headings(view, read_table(path, maximum_rows=maximum_rows()).headings)
    except AppError:
        path.unlink()
        raise
    return name


def _uploaded(name: str) -> Path:
    path = _folder() / Path(name).name
    if not path.is_file():
        abort(404)
    return path


def _folder() -> Path:
    """Return the folder of the active company: an upload of another company cannot be named."""
    return Path(current_app.config["DATA_FOLDER"]) / "uploads" / str(active_company())
