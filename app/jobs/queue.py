"""Asking for a job, and looking at it."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from flask import has_request_context
from flask_appbuilder.security.sqla.models import User
from flask_babel import get_locale

from app.companies.enablement import is_enabled
from app.companies.models import Company
from app.database.context import active_company
from app.database.session import on_commit, session
from app.errors import ConfigurationError, NotFound
from app.i18n import _
from app.jobs.board import stop
from app.jobs.dispatch import dispatch
from app.jobs.models import Job
from app.jobs.payload import encode
from app.jobs.registry import add_schedule, registry


def enqueue(name: str, /, *, actor: User | None, **arguments: Any) -> Job:
    """Store a job of the active company; it starts after commit. Raises NotFound while its add-on is off."""
    registered = registry().jobs.get(name)
    if registered is None:
        raise ConfigurationError(f"job {name}: not registered")
    company_id = active_company()
    if registered.addon is not None and not is_enabled(registered.addon, company_id):
        raise NotFound("addon.disabled", _("This add-on is switched off."))
    job = Job(
        name=name,
        arguments=encode(arguments),
        locale=_locale(company_id),
        requested_by_id=actor.id if actor is not None else None,
    )
    session.add(job)
    session.flush()
    job_id = job.id
    on_commit(lambda: dispatch("jobs.run", company_id=company_id, job_id=job_id))
    return job


def schedule_job(name: str, every: dt.timedelta, *, addon: str | None = None) -> None:
    """Enqueue a job without arguments every so often, per company, requested by nobody: for long scheduled work."""

    def enqueue_scheduled(_now: dt.datetime) -> None:
        enqueue(name, actor=None)

    add_schedule(name, every, enqueue_scheduled, addon=addon)


def get_job(job_id: int, *, actor: User) -> Job:
    """Return a job to who requested it. Raises NotFound for everybody else."""
    job = session.get(Job, job_id)
    if job is None or job.requested_by_id != actor.id:
        raise NotFound("job.not_found", _("There is no such job."))
    return job


def cancel_job(job_id: int, *, actor: User) -> None:
    """Call off a job of the actor's; what it did is not saved. One that is over is left as it is.

    Raises NotFound for everybody else.
    """
    job = get_job(job_id, actor=actor)
    if not job.is_finished:
        stop(job)


def list_jobs(*, actor: User, limit: int = 20) -> list[Job]:
    """Return the actor's latest jobs in this company, newest first."""
    statement = sa.select(Job).where(Job.requested_by_id == actor.id).order_by(Job.id.desc()).limit(limit)
    return list(session.scalars(statement))


def _locale(company_id: int | None) -> str:
    """Return the language that the file and the messages of a job speak: the reader's."""
    if has_request_context() and (locale := get_locale()) is not None:
        return str(locale)[:10]
    company = session.get(Company, company_id)
    return company.locale if company is not None else "en"
