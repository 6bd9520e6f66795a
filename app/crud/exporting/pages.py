"""Asking for a list as Excel: a short one is the answer, a long one is made by a job and fetched from its page."""

import tempfile
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from flask import current_app, redirect, request, send_file, url_for
from flask_appbuilder import expose, has_access
from flask_appbuilder.security.sqla.models import User
from werkzeug.datastructures import MultiDict

from app.agreements.sharing import RECIPIENT, check_recipient, note_share
from app.audit import AccessKind, record_access, record_security_event
from app.companies.clock import active_zone
from app.crud.exporting.rows import export_columns, export_rows
from app.crud.list_page import query_of
from app.crud.listing import ListQuery
from app.crud.records import call_service
from app.errors import NotFound
from app.i18n import _
from app.jobs import Job, Progress, enqueue
from app.reports.spreadsheet import write_sheet
from app.security.field_limits import refuse_hidden
from app.security.gate import is_open
from app.security.roles import acting_user, may, require

if TYPE_CHECKING:
    from app.crud.view import CrudView

EXPORT_JOB = "crud.export"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SPOOL = 2**18  # A small file stays in memory, a large one goes to disk.


class ExportPages:
    """What a CrudView can do besides: its list leaves as Excel."""

    @expose("/export/", methods=["GET", "POST"])
    @has_access
    def export(self: Any) -> Any:
        """Send the filtered list; a long one is offered in the background, and asked for by POST."""
        actor = acting_user()
        query = asked_query(self, actor, request.args)
        if request.method == "POST":
            return redirect(url_for("JobView.show", job_id=start_export(self, actor).id))
        if is_long(query):
            return self.render_template("jobs/offer.html", title=self.title, limit=most_rows_at_once())
        return send_list(self, query, actor)


def asked_query(view: "CrudView", actor: User, arguments: "MultiDict[str, str]") -> ListQuery:
    """Return the list with its filters and its order.

    Raises ValidationError for a filter that makes no sense, NotAllowed for an outside recipient who may not have it.
    """
    check_recipient(arguments, what=view.resource, actor=actor)
    query, refused = query_of(view, actor, arguments, verb="export")
    for error in refused:  # More rows than were asked for must not leave the system.
        raise error
    return query


def most_rows_at_once() -> int:
    """Return how many rows are written while the user waits: a setting of the installation."""
    limit: int = current_app.config["EXPORT_AT_ONCE_ROWS"]
    return limit


def is_long(query: ListQuery) -> bool:
    """Tell whether a list is made in the background."""
    limit = most_rows_at_once()
    return query.count(cap=limit) > limit


def send_list(view: "CrudView", query: ListQuery, actor: User) -> Any:
    """Send a list as one Excel file."""
    target = tempfile.SpooledTemporaryFile(max_size=SPOOL)  # noqa: SIM115  # send_file closes it.
    columns, rows = export_columns(view, actor), export_rows(view, query, actor)
    count = write_sheet(columns, rows, target, title=str(view.title), zone=active_zone())
    record_export(view, actor, count, clear=_clear_columns(view, actor))
    note_share(request.args, what=view.resource, rows=count, actor=actor)
    target.seek(0)
    return send_file(target, mimetype=EXCEL, as_attachment=True, download_name=_file_name(view))


def start_export(view: "CrudView", actor: User) -> Job:
    """Let a job write the list that this request asks for."""
    query = request.query_string.decode("ascii", "replace")
    job: Job = call_service(enqueue, EXPORT_JOB, actor=actor, resource=view.resource, query=query)
    return job


def export_job(progress: Progress, *, resource: str, query: str) -> dict[str, Any]:
    """Write a list in the background; its file is for whoever asked, who must still have the right to it.

    The add-on may have been switched off, and the right taken away, since it was asked for.
    """
    actor = requester(progress.actor, resource)
    view = current_app.extensions["crud_views"][resource]
    asked = asked_query(view, actor, MultiDict(parse_qsl(query, keep_blank_values=True)))
    progress(0, asked.count(cap=None))
    count = write_sheet(
        export_columns(view, actor),
        export_rows(view, asked, actor),
        progress.result_file(_file_name(view)),
        title=str(view.title),
        zone=active_zone(),
        progress=progress,
        expected=progress.total,
    )
    shown = record_export(view, actor, count, clear=_clear_columns(view, actor))
    typed = dict(parse_qsl(query))
    note_share(typed, what=view.resource, rows=count, actor=actor)
    names = [column.name for column in view.columns]
    details = {"kind": "export", "resource": resource, "rows": count, "personal": shown, "fields": names}
    return {**details, RECIPIENT: typed.get(RECIPIENT, "")}


def check_download(job: Job, actor: User) -> None:
    """Refuse a file whose list the actor may not export any more, or see in clear or at all (S:CORE-13, P:CRM-20)."""
    found = job.details or {}
    requester(actor, found["resource"])
    check_recipient({RECIPIENT: found.get(RECIPIENT, "")}, what=found["resource"], actor=actor)
    refuse_hidden(actor, found["resource"], found.get("fields", ()))
    if found.get("personal"):
        require(actor, "see_personal", found["resource"])


def requester(actor: User | None, resource: str) -> User:
    """Return who asked for a file, if he may still have it. Raises NotFound and NotAllowed."""
    if actor is None or not is_open(resource):
        raise NotFound("addon.disabled", _("This add-on is switched off."))
    require(actor, "export", resource)
    return actor


def record_export(view: "CrudView", actor: User, count: int, *, clear: Iterable[str]) -> list[str]:
    """Record that rows leave the system, and which columns show personal values in clear; return those."""
    shown = list(clear)
    record_security_event("list.exported", resource=view.resource, rows=count, personal=shown)
    if shown and count:
        record_access(AccessKind.EXPORT, user_id=actor.id, resource=view.resource, columns=shown, count=count)
    return shown


def _clear_columns(view: "CrudView", actor: User) -> list[str]:
    """Return the columns of a list that are in clear in a file; a dated grant, which is of one record, opens none."""
    return [one.name for one in view.columns if one.name in view.personal and may(actor, "see_personal", view.resource)]


def _file_name(view: "CrudView") -> str:
    return f"{view.resource.replace('.', '-')}.xlsx"
