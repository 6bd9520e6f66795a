"""The pages of the sheet that comes back: get it, send it, see every change, save it, undo it."""

import tempfile
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from flask import abort, current_app, redirect, request, send_file, url_for
from flask_appbuilder import expose, has_access
from flask_appbuilder.security.sqla.models import User
from werkzeug.datastructures import FileStorage, MultiDict

from app.crud.exporting.pages import EXCEL, SPOOL, asked_query, is_long, most_rows_at_once, record_export, requester
from app.crud.importing.pages import maximum_rows
from app.crud.importing.reading import read_table
from app.crud.importing.uploads import claim_upload, delete_upload, keep_upload, upload_path
from app.crud.listing import ListQuery
from app.crud.records import call_service
from app.crud.sheets.journal import is_undoable, keep_journal, undo_sheet
from app.crud.sheets.run import head_of, run_sheet
from app.crud.sheets.writing import write_records
from app.database.session import on_commit
from app.errors import AppError, NotFound, ValidationError
from app.i18n import _
from app.jobs import Job, Progress, enqueue, get_job
from app.security.gate import is_open
from app.security.roles import acting_user, may, require
from app.security.scope import visible

if TYPE_CHECKING:
    from app.crud.view import CrudView

SHEET_EXPORT_JOB, SHEET_JOB, SHEET_UNDO_JOB = "crud.sheet_for_editing", "crud.edited_sheet", "crud.undo_sheet"
JOB_TITLES = (_("Sheet for editing"), _("Edited sheet"), _("Undo sheet"))  # What their names are shown as.
_SPARE_ROWS = 101  # The labels, and new records, in the file of a list that is as long as it may be.


class SheetPages:
    """What a CrudView with an edit form can do besides: many records are edited in Excel at once."""

    @expose("/sheet", methods=["GET", "POST"])
    @has_access
    def sheet(self: Any) -> Any:
        """Offer the sheet of the filtered list; take an edited one, and let a job compare it."""
        error: AppError | None = None
        if request.method == "POST":
            try:
                job = start_sheet(
                    self,
                    actor=acting_user(),
                    sent=request.files.get("file"),
                    known=request.form.get("upload"),
                    dry_run=request.form.get("run") != "1",
                )
                return redirect(url_for("JobView.show", job_id=job.id))
            except AppError as refused:
                error = refused
        filters = f"?{urlencode(list(request.args.items(multi=True)))}" if request.args else ""
        return self.render_template(
            "crud/sheet.html",
            title=_("Edit in Excel"),
            view=self,
            error=error,
            maximum_rows=maximum_rows(),
            may_export=may(acting_user(), "export", self.resource),
            download_url=url_for(f"{self.endpoint}.sheet_download") + filters,
            list_url=url_for(f"{self.endpoint}.list") + filters,
        ), 422 if error else 200

    @expose("/sheet/download", methods=["GET", "POST"])
    @has_access
    def sheet_download(self: Any) -> Any:
        """Send the sheet; one of a long list is made in the background, and asked for by POST."""
        actor = acting_user()
        query = sheet_query(self, actor, request.args)
        if request.method == "POST":
            return redirect(url_for("JobView.show", job_id=start_sheet_export(self, actor).id))
        if is_long(query):
            return self.render_template("jobs/offer.html", title=_("Edit in Excel"), limit=most_rows_at_once())
        return send_sheet(self, query, actor)

    @expose("/sheet/undo/<int:job_id>", methods=["POST"])
    @has_access
    def sheet_undo(self: Any, job_id: int) -> Any:
        """Take back what one sheet changed."""
        return redirect(url_for("JobView.show", job_id=start_undo(self, job_id, actor=acting_user()).id))


def sheet_query(view: "CrudView", actor: User, arguments: "MultiDict[str, str]") -> ListQuery:
    """Return the rows that leave: those of the list that the actor may both take away and change.

    Raises NotAllowed without both rights, ValidationError for more rows than could come back.
    """
    require(actor, "edit", view.resource)
    require(actor, "export", view.resource)
    query = asked_query(view, actor, arguments)
    within = visible(view.model, actor, verb="edit")
    if within is not None:
        query = replace(query, extra=(*query.extra, within))
    limit = maximum_rows()
    if query.count(cap=limit) > limit:
        message = _("A sheet has at most %(limit)s rows. Filter the list first.")
        raise ValidationError("sheet.too_many", message, limit=limit)
    return query


def send_sheet(view: "CrudView", query: ListQuery, actor: User) -> Any:
    """Send the sheet of a short list."""
    target = tempfile.SpooledTemporaryFile(max_size=SPOOL)  # noqa: SIM115  # send_file closes it.
    written = write_records(view, query, actor, target)
    record_export(view, actor, written.count, clear=sorted(written.clear))
    target.seek(0)
    return send_file(target, mimetype=EXCEL, as_attachment=True, download_name=_file_name(view))


def start_sheet_export(view: "CrudView", actor: User) -> Job:
    """Let a job write the sheet that this request asks for."""
    query = request.query_string.decode("ascii", "replace")
    job: Job = call_service(enqueue, SHEET_EXPORT_JOB, actor=actor, resource=view.resource, query=query)
    return job


def start_sheet(view: "CrudView", *, actor: User, sent: FileStorage | None, known: str | None, dry_run: bool) -> Job:
    """Take an edited sheet, or one compared before whose name is `known`, and let a job work through it.

    Raises ValidationError for a file that is no sheet of this list.
    """
    require(actor, "edit", view.resource)
    upload = claim_upload(known, resource=view.resource) if known else _taken_upload(view, sent)
    job: Job = call_service(enqueue, SHEET_JOB, actor=actor, resource=view.resource, upload=upload, dry_run=dry_run)
    return job


def start_undo(view: "CrudView", job_id: int, *, actor: User) -> Job:
    """Let a job take back what the actor's sheet changed. Raises NotFound where there is nothing to undo."""
    job = get_job(job_id, actor=actor)
    if (job.details or {}).get("resource") != view.resource or not is_undoable(job):
        raise NotFound("sheet.undone", _("These changes were undone already, or are too long ago."))
    started: Job = call_service(enqueue, SHEET_UNDO_JOB, actor=actor, resource=view.resource, job_id=job_id)
    return started


def sheet_export_job(progress: Progress, *, resource: str, query: str) -> dict[str, Any]:
    """Write a long sheet in the background; its file is for whoever asked."""
    actor = requester(progress.actor, resource)
    view = current_app.extensions["crud_views"][resource]
    asked = sheet_query(view, actor, MultiDict(parse_qsl(query, keep_blank_values=True)))
    written = write_records(view, asked, actor, progress.result_file(_file_name(view)), progress=progress)
    shown = record_export(view, actor, written.count, clear=sorted(written.clear))
    names = [column.name for column in written.columns]
    return {"kind": "export", "resource": resource, "rows": written.count, "personal": shown, "fields": names}


def sheet_job(progress: Progress, *, resource: str, upload: str, dry_run: bool) -> dict[str, Any]:
    """Compare a sheet with the records, and save its changes if that was asked for."""
    view, actor = _editor(progress, resource)
    table = read_table(upload_path(upload, resource=resource), maximum_rows=maximum_rows() + _SPARE_ROWS)
    report = run_sheet(view, table, actor=actor, dry_run=dry_run, progress=progress)
    if not dry_run and report.saved:
        keep_journal(view, progress.job_id, report.journal)
    if not dry_run and (report.saved or not report.problems):
        on_commit(partial(delete_upload, upload, resource=resource))
    return {
        "kind": "sheet",
        "resource": resource,
        "upload": upload,
        "dry_run": dry_run,
        "rows": report.rows,
        "unchanged": report.unchanged,
        "changed": report.changed,
        "created": report.created,
        "cells": report.cells,
        "wrong": report.wrong,
        "missing": report.missing,
        "saved": report.saved,
        "records": report.records,
        "problems": report.problems,
    }


def sheet_undo_job(progress: Progress, *, resource: str, job_id: int) -> dict[str, Any]:
    """Write back what a sheet changed."""
    view, actor = _editor(progress, resource)
    get_job(job_id, actor=actor)
    return {"kind": "sheet_undo", "resource": resource, **undo_sheet(view, job_id, actor=actor, progress=progress)}


def _editor(progress: Progress, resource: str) -> tuple[Any, User]:
    """Return the view and who asked, if he may still edit there."""
    actor = progress.actor
    if actor is None or not is_open(resource):
        raise NotFound("addon.disabled", _("This add-on is switched off."))
    require(actor, "edit", resource)
    return current_app.extensions["crud_views"].get(resource) or abort(404), actor


def _taken_upload(view: "CrudView", sent: FileStorage | None) -> str:
    """Return the name of a new file, refused if it is no sheet of this list."""
    name = keep_upload(sent, resource=view.resource)
    try:
        path = upload_path(name, resource=view.resource)
        head_of(view, read_table(path, maximum_rows=maximum_rows() + _SPARE_ROWS).headings)
    except ValidationError:
        delete_upload(name, resource=view.resource)
        raise
    return name


def _file_name(view: "CrudView") -> str:
    return f"{view.resource.replace('.', '-')}-edit.xlsx"
