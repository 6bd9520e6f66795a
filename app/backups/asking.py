"""Asking for a backup or the check of one, by an administrator or by the clock; app/release carries it out."""

import datetime as dt
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import current_app
from flask_appbuilder.security.sqla.models import User

from app.backups.files import find_backup
from app.backups.runs import data_folder, fail_run
from app.companies.models import Company
from app.database.context import active_company
from app.database.session import session
from app.errors import Conflict
from app.i18n import _
from app.jobs.context import active_company_ids, run_as
from app.jobs.maintenance import OPEN
from app.jobs.models import MaintenanceKind, MaintenanceState, MaintenanceTask, ScheduledRun
from app.parameters.platform_values import BACKUP_AT, BACKUP_KEEP

ASK_EVERY = dt.timedelta(minutes=5)
SCHEDULE = "backups.ask_when_due"
_PATIENCE = dt.timedelta(hours=1)  # A release may be running.


def request_backup(*, actor: User, locale: str, now: dt.datetime) -> MaintenanceTask:
    """Queue a backup. Raises Conflict while another one is open."""
    return _request(MaintenanceKind.BACKUP, now, locale, actor=actor)


def request_check(name: str, *, actor: User, locale: str, now: dt.datetime) -> MaintenanceTask:
    """Queue the check of a backup. Raises NotFound for one that is not there, Conflict while a task is open."""
    return _request(MaintenanceKind.VERIFY, now, locale, actor=actor, file=find_backup(data_folder(), name).name)


def ask_when_due(now: dt.datetime) -> None:
    """Queue the backup of the night, once; one that nobody was there for is made up for.

    The values of the company that was opened first hold for the installation, which is why it alone is asked. A task
    that no worker takes within an hour has failed, and the administrators hear of it.
    """
    if active_company() != session.scalar(sa.select(sa.func.min(Company.id)).where(Company.active)):
        return
    _give_up_waiting(now)
    due = _last_due(now)
    begun = session.scalar(sa.select(ScheduledRun.created_at).where(ScheduledRun.name == SCHEDULE))
    asked = sa.select(MaintenanceTask.id).where(
        MaintenanceTask.kind == MaintenanceKind.BACKUP,
        MaintenanceTask.requested_by_id.is_(None),
        MaintenanceTask.requested_at >= due,
    )
    is_open = sa.select(MaintenanceTask.id).where(_ours(), MaintenanceTask.state.in_(OPEN))
    if begun is not None and begun <= due and session.scalar(asked) is None and session.scalar(is_open) is None:
        _request(MaintenanceKind.BACKUP, now, current_app.config["DEFAULT_LANGUAGE"])


def retention(now: dt.datetime) -> int:
    """Return how many backups the installation keeps, as the company decides that was opened first."""
    companies = active_company_ids()
    if not companies:
        return int(BACKUP_KEEP.default or 0)
    return run_as(companies[0], None, lambda: BACKUP_KEEP.value(_local(now).date()))


def _last_due(now: dt.datetime) -> dt.datetime:
    """Return the latest instant at which a backup was due, on the wall clock of the company."""
    local = _local(now)
    for day in (local.date(), local.date() - dt.timedelta(days=1)):
        at = dt.time.fromisoformat(BACKUP_AT.value(day))
        if (due := dt.datetime.combine(day, at, local.tzinfo)) <= local:
            break
    return due.astimezone(dt.UTC)


def _local(now: dt.datetime) -> dt.datetime:
    return now.astimezone(ZoneInfo(session.get_one(Company, active_company()).timezone))


def _request(
    kind: MaintenanceKind, now: dt.datetime, locale: str, *, actor: User | None = None, file: str | None = None
) -> MaintenanceTask:
    if session.scalar(sa.select(MaintenanceTask.id).where(_ours(), MaintenanceTask.state.in_(OPEN))) is not None:
        raise Conflict("backup.open", _("Another backup, or the check of one, is not done yet."))
    asker = actor.id if actor is not None else None
    task = MaintenanceTask(kind=kind, addon="", archive=file, requested_by_id=asker, requested_at=now, locale=locale)
    session.add(task)
    session.flush()
    return task


def _ours() -> sa.ColumnElement[bool]:
    return MaintenanceTask.kind.in_((MaintenanceKind.BACKUP, MaintenanceKind.VERIFY))


def _give_up_waiting(now: dt.datetime) -> None:
    waiting = sa.select(MaintenanceTask).where(
        MaintenanceTask.kind == MaintenanceKind.BACKUP,
        MaintenanceTask.state == MaintenanceState.QUEUED,
        MaintenanceTask.requested_at <= now - _PATIENCE,
    )
    for task in session.scalars(waiting):
        task.state, task.error, task.finished_at = MaintenanceState.FAILED, str(_NOBODY), now
        session.flush()
        fail_run(str(_NOBODY), started_at=task.requested_at, now=now, requested_by_id=task.requested_by_id)


_NOBODY = _("No maintenance worker took it. On the server, start: flask maintenance-worker")
