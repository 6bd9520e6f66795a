"""Finding jobs whose worker died, and jobs whose message got lost."""

import datetime as dt
import logging

import sqlalchemy as sa

from app.database.context import active_company
from app.database.session import session
from app.errors import AppError
from app.i18n import _
from app.jobs.context import active_company_ids, run_as, short_transaction
from app.jobs.dispatch import dispatch
from app.jobs.models import Job, JobState
from app.jobs.registry import registry
from app.jobs.runner import fail

log = logging.getLogger(__name__)
_SILENT = dt.timedelta(minutes=2)  # A running job beats every ten seconds.
_WAITED = dt.timedelta(minutes=10)  # A queued job may just stand behind long ones; a second message does no harm.
_ATTEMPTS = 3


def rescue_jobs(now: dt.datetime) -> None:
    """Queue or fail what died, and hand over again what waits too long, in every company."""
    for company_id in active_company_ids():
        run_as(company_id, None, _rescue, now)


def _rescue(now: dt.datetime) -> None:
    silent = sa.or_(
        sa.and_(Job.state == JobState.RUNNING, Job.heartbeat_at < now - _SILENT),
        sa.and_(Job.state == JobState.QUEUED, Job.heartbeat_at < now - _WAITED),
    )
    columns = (Job.id, Job.name, Job.attempts, Job.state)
    for job_id, name, attempts, state in session.execute(sa.select(*columns).where(silent)).all():
        registered = registry().jobs.get(name)
        may_restart = registered is not None and registered.restartable and attempts < _ATTEMPTS
        if state == JobState.QUEUED or may_restart:
            _queue_again(job_id, attempts, state, now)
        else:
            log.error("job %s %s: its worker stopped", job_id, name)
            fail(job_id, attempts, AppError("job.stopped", _("The work was interrupted. Nothing was saved.")), now)


def _queue_again(job_id: int, attempts: int, state: JobState, now: dt.datetime) -> None:
    with short_transaction() as connection:
        result = connection.execute(
            sa.update(Job.__table__)
            .where(Job.id == job_id, Job.attempts == attempts, Job.state == state)
            .values(state=JobState.QUEUED, heartbeat_at=now)
        )
    if result.rowcount == 1:
        dispatch("jobs.run", company_id=active_company(), job_id=job_id)
