"""Changing the installation from the Apps page: what it would mean, the wish, and what became of it."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_appbuilder import BaseView, expose, has_access
from flask_babel import get_locale, gettext

from app.addon_loader.archive import list_archives
from app.addon_loader.discovery import find_addons
from app.addon_loader.impact import Impact, impact_of
from app.addon_loader.installation import Manifests, installed
from app.addon_loader.manifest import closure, numbers
from app.addon_loader.traces import names_of
from app.audit import record_security_event
from app.companies.models import InstalledAddon
from app.crud.records import call_service
from app.database.columns import utc_now
from app.database.row_security import read_every_company
from app.database.session import db, session
from app.errors import AppError, ValidationError
from app.i18n import _
from app.jobs.maintenance import latest_maintenance, request_maintenance, waits_in_vain
from app.jobs.models import MaintenanceKind
from app.security.roles import acting_user

PERMISSION = "Maintenance"
VERBS = {
    MaintenanceKind.INSTALL: _("Install"),
    MaintenanceKind.UPGRADE: _("Upgrade"),
    MaintenanceKind.UNINSTALL: _("Uninstall"),
    MaintenanceKind.RESTORE: _("Restore"),
    MaintenanceKind.BACKUP: _("Back up"),
    MaintenanceKind.VERIFY: _("Check"),
}
OF_ADDONS = (MaintenanceKind.INSTALL, MaintenanceKind.UPGRADE, MaintenanceKind.UNINSTALL, MaintenanceKind.RESTORE)


class MaintenanceView(BaseView):
    """Only for who administers the platform: a role held in one company does not open it."""

    route_base = "/maintenance"
    class_permission_name = PERMISSION
    base_permissions = ["can_manage"]
    method_permission_name = {"preview": "manage", "queue": "manage", "tasks": "manage"}

    @expose("/tasks")
    @has_access
    def tasks(self) -> Any:
        """Show the latest tasks; the Apps page asks again while one is open."""
        return render_template("apps/tasks.html", **tasks_shown())

    @expose("/<kind>/<name>")
    @has_access
    def preview(self, kind: str, name: str) -> Any:
        """Show what it would mean, before anything is asked for."""
        return self._preview(_kind(kind), name)

    @expose("/<kind>/<name>", methods=["POST"])
    @has_access
    def queue(self, kind: str, name: str) -> Any:
        """Queue the task; whoever takes data away types the add-on's name."""
        wanted, archive = _kind(kind), request.form.get("archive") or None
        manifest = _manifests().get(name) or abort(404)
        try:
            if wanted is MaintenanceKind.UNINSTALL and request.form.get("confirmed") != name:
                raise ValidationError("maintenance.name", _("Type %(name)s to confirm."), field="confirmed", name=name)
            call_service(
                request_maintenance, wanted, name, actor=acting_user(), locale=str(get_locale()), archive=archive
            )
        except AppError as error:
            flash(str(error), "danger")
            return self._preview(wanted, name), error.http_status
        record_security_event("maintenance.requested", task=wanted.value, addon=name)
        flash(gettext("Requested: %(verb)s %(name)s", verb=VERBS[wanted], name=gettext(manifest.title)), "success")
        return redirect(url_for("AppsView.list", _anchor="tasks"))

    def _preview(self, kind: MaintenanceKind, name: str) -> Any:
        manifests = _manifests()
        manifest = manifests.get(name) or abort(404)
        there = installed(db.engine, manifests)
        if (kind in (MaintenanceKind.INSTALL, MaintenanceKind.RESTORE)) is (name in there):
            abort(404)
        return self.render_template(
            "apps/maintenance.html",
            title=VERBS[kind],
            kind=kind,
            manifest=manifest,
            impact=_impact(name, manifests) if kind is MaintenanceKind.UNINSTALL else None,
            brings=[one for one in closure(manifests, name) if one not in there],
            present=installed_versions().get(name),
            archive=request.values.get("archive"),
            archives=[(path.name, contents) for path, contents in list_archives(_folder(), name)],
        )


def installed_versions() -> dict[str, str]:
    """Return the version that each installed add-on's tables are at."""
    rows = session.execute(sa.select(InstalledAddon.addon, InstalledAddon.version))
    return {row.addon: row.version for row in rows}


def may_maintain() -> bool:
    """Tell whether the present user administers the platform."""
    return bool(current_app.appbuilder.sm.has_access("can_manage", PERMISSION))  # type: ignore[attr-defined]


def maintenance_shown() -> dict[str, Any]:
    """Return what the Apps page shows of it: what could be installed or upgraded, archives and tasks."""
    manifests = _manifests()
    there, versions = installed(db.engine, manifests), installed_versions()
    return {
        "available": [manifest for name, manifest in manifests.items() if name not in there],
        "newer": {
            name: manifests[name].version
            for name, version in versions.items()
            if name in manifests and numbers(manifests[name].version) > numbers(version)
        },
        "versions": versions,
        "archives": [(path.name, held, held.addon in there) for path, held in list_archives(_folder())],
        **tasks_shown(),
    }


def tasks_shown() -> dict[str, Any]:
    """Return the latest tasks, and whether they seem to wait for a worker in vain."""
    tasks, now = latest_maintenance(), utc_now()
    return {
        "tasks": tasks,
        "verbs": VERBS,
        "is_open": any(task.is_open for task in tasks),
        "in_vain": any(waits_in_vain(task, now) for task in tasks),
    }


def _impact(name: str, manifests: Manifests) -> Impact:
    setup = next((one for one in current_app.extensions["setups"] if one.name == name), None) or abort(404)
    with db.engine.connect() as connection:
        read_every_company(connection)
        return impact_of(connection, names_of(setup), manifests, _folder())


def _manifests() -> Manifests:
    """Return the add-ons as their files are now: newer ones may have been put there since this process began."""
    return find_addons(current_app.config["ADDONS_PATH"])


def _folder() -> Path:
    return Path(current_app.config["DATA_FOLDER"])


def _kind(name: str) -> MaintenanceKind:
    return next((kind for kind in OF_ADDONS if kind.value == name), None) or abort(404)
