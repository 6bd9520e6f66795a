"""The backups of the installation: which there are, making one, checking, taking one away, and the list as a file."""

import tempfile
from typing import Any

from flask import flash, redirect, render_template, send_file, url_for
from flask_appbuilder import BaseView, expose, has_access
from flask_babel import get_locale, gettext

from app.audit import record_security_event
from app.backups import ShownBackup, find_backup, request_backup, request_check, shown_backups
from app.backups.runs import data_folder
from app.companies.clock import active_zone
from app.crud.exporting.pages import EXCEL, SPOOL
from app.crud.records import call_service
from app.database.columns import utc_now
from app.errors import AppError
from app.i18n import LazyString, _
from app.jobs.maintenance import latest_maintenance, waits_in_vain
from app.jobs.models import MaintenanceKind
from app.reports.definition import ReportColumn
from app.reports.spreadsheet import write_sheet
from app.security.roles import acting_user
from app.web.maintenance_page import PERMISSION

_COLUMNS = (
    ReportColumn("at", _("Begun at"), "datetime"),
    ReportColumn("state", _("State")),
    ReportColumn("rows", _("Rows"), "integer"),
    ReportColumn("files", _("Files"), "integer"),
    ReportColumn("size", _("Bytes"), "integer"),
    ReportColumn("by", _("By")),
    ReportColumn("checked_at", _("Checked at"), "datetime"),
    ReportColumn("file", _("File"), width=34),
    ReportColumn("error", _("Reason"), width=40),
)


class BackupsView(BaseView):
    """Only for who administers the platform: a backup holds the rows of every company (S:CORE-16)."""

    route_base = "/backups"
    default_view = "list"
    class_permission_name = PERMISSION
    base_permissions = ["can_manage"]
    method_permission_name = dict.fromkeys(("list", "lines", "make", "check", "download", "export"), "manage")

    @expose("/")
    @has_access
    def list(self) -> Any:
        """Show the backups."""
        return self.render_template("backups/list.html", title=_("Backups"), **_shown())

    @expose("/lines")
    @has_access
    def lines(self) -> Any:
        """Show the lines alone; the page asks again while a task is open."""
        return render_template("backups/lines.html", **_shown(), is_part=True)

    @expose("/", methods=["POST"])
    @has_access
    def make(self) -> Any:
        """Queue a backup."""
        return self._ask("backup.requested", gettext("Requested: a backup"), request_backup)

    @expose("/<name>/check", methods=["POST"])
    @has_access
    def check(self, name: str) -> Any:
        """Queue the check of a backup."""
        find_backup(data_folder(), name)  # 404 without one.
        return self._ask("backup.check", gettext("Requested: the check of %(file)s", file=name), request_check, name)

    @expose("/<name>")
    @has_access
    def download(self, name: str) -> Any:
        """Send a backup; that all rows of all companies left the system is recorded."""
        path = find_backup(data_folder(), name)
        record_security_event("backup.downloaded", file=name, size=path.stat().st_size)
        return send_file(path, mimetype="application/zip", as_attachment=True, download_name=name, etag=False)

    @expose("/export")
    @has_access
    def export(self) -> Any:
        """Send the whole list as an Excel file."""
        rows = [_cells(one) for one in shown_backups(limit=None)]
        target = tempfile.SpooledTemporaryFile(max_size=SPOOL)  # noqa: SIM115  # send_file closes it.
        write_sheet(_COLUMNS, rows, target, title=gettext("Backups"), zone=active_zone())
        record_security_event("list.exported", resource="backups.Run", rows=len(rows))
        target.seek(0)
        return send_file(target, mimetype=EXCEL, as_attachment=True, download_name="backups.xlsx")

    def _ask(self, event: str, words: str, service: Any, *arguments: str) -> Any:
        try:
            call_service(service, *arguments, actor=acting_user(), locale=str(get_locale()), now=utc_now())
        except AppError as error:
            flash(str(error), "danger")
            return self.list(), error.http_status
        record_security_event(event, file=arguments[0] if arguments else None)
        flash(words, "success")
        return redirect(url_for("BackupsView.list"))


def last_backup() -> ShownBackup | None:
    """Return the latest attempt, for the Apps page."""
    return next(iter(shown_backups(limit=1)), None)


def state_of(one: ShownBackup) -> tuple[LazyString, str]:
    """Return in one word what is known of a backup, and its colour."""
    if one.run is None:
        return _("Not recorded here"), "gray"
    if not one.run.ok:
        return _("Failed"), "red"
    if not one.is_there:
        return _("Deleted"), "gray"
    if one.run.sound is False:
        return _("Damaged"), "red"
    return (_("Checked"), "green") if one.run.sound else (_("Complete"), "green")


def _shown() -> dict[str, Any]:
    tasks = [task for task in latest_maintenance() if task.kind in (MaintenanceKind.BACKUP, MaintenanceKind.VERIFY)]
    now = utc_now()
    return {
        "backups": [(one, *state_of(one)) for one in shown_backups()],
        "task": tasks[0] if tasks else None,
        "is_open": any(task.is_open for task in tasks),
        "in_vain": any(waits_in_vain(task, now) for task in tasks),
    }


def _cells(one: ShownBackup) -> list[Any]:
    run, by = one.run, ""
    if run is not None and run.requested_by is not None:
        by = run.requested_by.get_full_name() or run.requested_by.username
    return [
        one.at, gettext(str(state_of(one)[0])), run.rows if run else None, run.files if run else None, one.size, by,
        run.checked_at if run else None, one.file or "", (run.error or "") if run else "",
    ]  # fmt: skip
