"""REST of files: an import starts a job, the filtered list leaves as Excel. The screen's functions do the work."""

from typing import Any

from flask import Response, request, url_for
from flask_appbuilder.api import expose, protect

from app.crud.exporting.pages import asked_query, is_long, most_rows_at_once, send_list, start_export
from app.crud.importing.pages import start_import
from app.crud.sheets.pages import send_sheet, sheet_query, start_sheet, start_sheet_export, start_undo
from app.errors import ValidationError
from app.i18n import _
from app.jobs import Job
from app.security.roles import acting_user

_FLAGS = {"": False, "0": False, "false": False, "1": True, "true": True}


class FileRoutes:
    """What CrudApi can do with files."""

    @expose("/import", methods=["POST"])
    @protect()
    def import_file(self: Any) -> Response:
        """Take a multipart `file`, or the `upload` of a check before; answer the job that works through it.

        Without `run` nothing is kept; `skip_duplicates` leaves out what exists already.
        """
        job = start_import(
            self.view,
            actor=acting_user(),
            sent=request.files.get("file"),
            known=request.form.get("upload"),
            dry_run=not _flag("run"),
            skip_duplicates=_flag("skip_duplicates"),
        )
        return _started(self, job)

    @expose("/export", methods=["GET", "POST"])
    @protect()
    def export(self: Any) -> Any:
        """Send the list as Excel, filtered by the arguments of the screen's address; POST has it made by a job."""
        actor = acting_user()
        query = asked_query(self.view, actor, request.args)
        if request.method == "POST":
            return _started(self, start_export(self.view, actor))
        if is_long(query):
            message = _("This list has more than %(limit)s rows. POST here, and fetch the file of the job.")
            raise ValidationError("export.long", message, limit=most_rows_at_once())
        return send_list(self.view, query, actor)

    @expose("/sheet", methods=["GET", "POST"])
    @protect()
    def sheet(self: Any) -> Any:
        """Send the filtered list as a sheet for editing; POST takes an edited one as multipart `file`.

        Without `run` the job only tells what would change; `upload` names a file that was compared before.
        """
        actor = acting_user()
        if request.method == "POST":
            file, known = request.files.get("file"), request.form.get("upload")
            return _started(self, start_sheet(self.view, actor=actor, sent=file, known=known, dry_run=not _flag("run")))
        query = sheet_query(self.view, actor, request.args)
        if is_long(query):
            message = _(
                "This list has more than %(limit)s rows. POST to sheet/download, and fetch the file of the job."
            )
            raise ValidationError("export.long", message, limit=most_rows_at_once())
        return send_sheet(self.view, query, actor)

    @expose("/sheet/download", methods=["POST"])
    @protect()
    def sheet_download(self: Any) -> Response:
        """Have a job write the sheet of a long list."""
        actor = acting_user()
        sheet_query(self.view, actor, request.args)
        return _started(self, start_sheet_export(self.view, actor))

    @expose("/sheet/undo/<int:job_id>", methods=["POST"])
    @protect()
    def sheet_undo(self: Any, job_id: int) -> Response:
        """Have a job take back what one sheet changed."""
        return _started(self, start_undo(self.view, job_id, actor=acting_user()))


def _started(api: Any, job: Job) -> Response:
    answer: Response = api.response(202, id=job.id, url=url_for("JobApi.get", pk=job.id))
    return answer


def _flag(name: str) -> bool:
    typed = request.form.get(name, "").strip().lower()
    if typed not in _FLAGS:
        raise ValidationError("body.value", _("'%(name)s' cannot be read."), field=name, name=name)
    return _FLAGS[typed]
