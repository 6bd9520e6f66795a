"""Running what is due: per company and schedule, one transaction, once."""

import datetime as dt
import logging
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.companies.enablement import is_enabled
from app.database.columns import utc_now
from app.database.context import active_company
from app.database.session import begin_writing, commit, rollback, session
from app.jobs.context import active_company_ids, run_as
from app.jobs.models import ScheduledRun
from app.jobs.registry import Schedule, registry

log = logging.getLogger(__name__)
_RETRY = dt.timedelta(minutes=5)


def tick() -> None:
    """Run what is due now; Celery beat or the scheduler thread calls it each minute."""
    run_due(utc_now())


def run_due(now: dt.datetime) -> None:
    """Run the platform's ticks, then every due schedule of every company. A second call changes nothing."""
    for function in registry().ticks:
        _survive(function, now)
    for company_id in active_company_ids():
        for schedule in run_as(company_id, None, _due, now):
            _survive(run_as, company_id, None, _run, schedule, now)


def _survive(call: Callable[..., None], *arguments: Any) -> None:
    try:
        call(*arguments)
    except Exception:  # One failure, be it a lost database connection, must not stop the others.
        log.exception("tick failed: %s%s", call.__qualname__, arguments)


def _due(now: dt.datetime) -> list[Schedule]:
    waiting = set(session.scalars(sa.select(ScheduledRun.name).where(ScheduledRun.due_at > now)))
    return [
        schedule
        for schedule in registry().schedules.values()
        if schedule.name not in waiting and (schedule.addon is None or is_enabled(schedule.addon, active_company()))
    ]


def _run(schedule: Schedule, now: dt.datetime) -> None:
    begin_writing()
    _ensure_row(schedule, now)
    due_at = _claim(schedule, now)
    if due_at is None:  # Another process has it.
        return
    try:
        schedule.function(now)
        _set(schedule, due_at=_next(due_at, schedule.every, now), last_run_at=now, failures=0, error=None)
        commit()
    except Exception as error:
        rollback()
        log.exception("schedule %s failed in company %s", schedule.name, active_company())
        _set(
            schedule,
            due_at=now + min(schedule.every, _RETRY),
            failures=ScheduledRun.failures + 1,
            error=type(error).__name__,
        )
        commit()


def _ensure_row(schedule: Schedule, now: dt.datetime) -> None:
    if session.scalar(sa.select(ScheduledRun.id).where(ScheduledRun.name == schedule.name)) is not None:
        return
    try:
        session.add(ScheduledRun(name=schedule.name, due_at=now))
        commit()
    except IntegrityError:  # Another process was first.
        rollback()


def _claim(schedule: Schedule, now: dt.datetime) -> dt.datetime | None:
    """Lock the row until the end of the turn; None when it is not due or locked already.

    It is an UPDATE because that locks on SQLite too; on PostgreSQL the inner SELECT skips a locked row.
    """
    due = (
        sa.select(ScheduledRun.id)
        .where(ScheduledRun.name == schedule.name, ScheduledRun.due_at <= now)
        .with_for_update(skip_locked=True)
    )
    return session.scalar(
        sa.update(ScheduledRun)
        .where(ScheduledRun.id.in_(due))
        .values(updated_at=now)
        .returning(ScheduledRun.due_at)
        .execution_options(synchronize_session=False)
    )


def _set(schedule: Schedule, **values: object) -> None:
    session.execute(
        sa.update(ScheduledRun)
        .where(ScheduledRun.name == schedule.name)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def _next(due_at: dt.datetime, every: dt.timedelta, now: dt.datetime) -> dt.datetime:
    """Return the first turn after now; turns that nobody was there for are not made up."""
    return due_at + ((now - due_at) // every + 1) * every
