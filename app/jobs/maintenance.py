"""Asking for a change of the installation, and looking at what became of it. Who carries it out is in app/release."""

import datetime as dt

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.database.session import session
from app.errors import Conflict
from app.i18n import _
from app.jobs.models import MaintenanceKind, MaintenanceState, MaintenanceTask

OPEN = (MaintenanceState.QUEUED, MaintenanceState.RUNNING)
_PATIENCE = dt.timedelta(seconds=15)


def request_maintenance(
    kind: MaintenanceKind, addon: str, *, actor: User, locale: str, archive: str | None = None
) -> MaintenanceTask:
    """Queue a task; raises Conflict while another one of the same add-on is open."""
    same = sa.select(MaintenanceTask.id).where(MaintenanceTask.addon == addon, MaintenanceTask.state.in_(OPEN))
    if session.scalar(same) is not None:
        raise Conflict("maintenance.open", _("Another task of %(addon)s is not done yet."), addon=addon)
    task = MaintenanceTask(kind=kind, addon=addon, archive=archive, requested_by_id=actor.id, locale=locale)
    session.add(task)
    session.flush()
    return task


def latest_maintenance(limit: int = 10) -> list[MaintenanceTask]:
    """Return the latest tasks, newest first."""
    return list(session.scalars(sa.select(MaintenanceTask).order_by(MaintenanceTask.id.desc()).limit(limit)))


def waits_in_vain(task: MaintenanceTask, now: dt.datetime) -> bool:
    """Tell whether nobody has begun a task for so long that no worker seems to run."""
    return task.state is MaintenanceState.QUEUED and now - task.requested_at > _PATIENCE
