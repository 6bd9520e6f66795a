"""Putting back what a cleaning deleted, while its archive is kept: the button, and the job that does it."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.audit import record_security_event
from app.cleaning.backup import folder_of_archives
from app.cleaning.inserting import insert_archived
from app.cleaning.models import CleanRun, CleanState
from app.companies.clock import active_zone
from app.database.columns import utc_now
from app.database.session import session
from app.errors import NotFound
from app.i18n import _
from app.jobs import Job, Progress, enqueue
from app.jobs.models.job import OPEN_STATES
from app.security.roles import require
from app.workflow.definition import Workflow
from app.workflow.refusal import Refusal
from app.workflow.transition import Transition

JOB = "cleaning.put_back"
KIND = "put_back"  # Of the details of the job.
CLEAN_UP_EVERY = dt.timedelta(days=1)


def archive_is_kept(run: CleanRun, *, actor: User) -> Refusal | None:
    """Refuse where nothing was deleted, or the archive has been removed since."""
    return None if run.archive else Refusal("clean.no_archive", _("There is no archive of it any more."))


def is_not_on_its_way(run: CleanRun, *, actor: User) -> Refusal | None:
    """Refuse while a job puts these records back already."""
    return (
        None if open_job_of(run.id) is None else Refusal("clean.on_its_way", _("A job is putting these records back."))
    )


def open_job_of(run_id: int) -> Job | None:
    """Return the job that puts the records of a cleaning back, while it waits or runs."""
    open_ones = session.scalars(sa.select(Job).where(Job.name == JOB, Job.state.in_(OPEN_STATES)))
    return next((job for job in open_ones if job.arguments["run"] == run_id), None)


WORKFLOW = Workflow(
    CleanRun,
    Transition(
        "put_back",
        CleanState.CLEANED,
        None,
        _("Put back"),
        guard=(archive_is_kept, is_not_on_its_way),
        icon="archive-restore",
        tone="primary",
        confirm=_("Put the deleted records back, as they were?"),
    ),
    Transition(
        "come_back", CleanState.CLEANED, CleanState.PUT_BACK, _("Come back"), guard=archive_is_kept, automatic=True
    ),
)


@WORKFLOW.transition("put_back")
def put_back(run: CleanRun, *, actor: User) -> None:
    """Have a job put the records back."""
    enqueue(JOB, actor=actor, run=run.id)


@WORKFLOW.transition("come_back")
def come_back(run: CleanRun, *, actor: User, now: dt.datetime) -> None:
    """Note that the records are back."""
    run.put_back_at = now
    session.flush()


def put_back_job(progress: Progress, *, run: int) -> dict[str, Any]:
    """Put back what a cleaning deleted, all of it or nothing. Raises Conflict as `insert_archived` does."""
    actor, found = progress.actor, session.get(CleanRun, run)
    if actor is None or found is None:
        raise NotFound("clean.run", _("There is no such record."))
    require(actor, "put_back", "cleaning.CleanRun")
    come_back(found, actor=actor, now=utc_now())
    told = {"kind": KIND, "run": found.id, "resource": found.resource, "records": found.deleted}
    insert_archived(found.archive, since=found.cleaned_at, progress=progress)
    record_security_event("data.put_back", run=run, resource=told["resource"], records=told["records"])
    return told


def delete_old_archives(now: dt.datetime) -> None:
    """Remove the archives of the active company that are kept no longer: they hold personal data."""
    today = now.astimezone(active_zone()).date()
    old = sa.select(CleanRun).where(CleanRun.archive != "", CleanRun.kept_until < today)
    for run in session.scalars(old).all():
        (folder_of_archives() / run.archive).unlink(missing_ok=True)
        run.archive = ""
    session.flush()
    _delete_nameless(now)


def _delete_nameless(now: dt.datetime) -> None:
    """Remove what a cleaning left that ended before it was saved."""
    names = set(session.scalars(sa.select(CleanRun.archive)))
    for path in folder_of_archives().glob("*"):
        if path.name not in names and path.stat().st_mtime < (now - CLEAN_UP_EVERY).timestamp():
            path.unlink(missing_ok=True)
