"""Jobs whose worker died, and jobs whose message got lost."""

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.database.columns import utc_now
from app.database.session import session
from app.jobs import Job, JobState, Progress, register_job, rescue_jobs
from tests.app.jobs.notes import write_note

Run = Callable[..., Any]
NOW = utc_now()


@pytest.fixture
def left_behind(app: Flask, world: SimpleNamespace, run_in: Run) -> Run:
    """Leave a job as a dead worker leaves it; return its state after a rescue."""

    def leave(*, silent: dt.timedelta, restartable: bool = False, **values: Any) -> tuple[JobState, str | None]:
        def work(_progress: Progress) -> None:
            write_note("done")

        def add() -> int:
            job = Job(name="dummy.work", heartbeat_at=NOW - silent, locale="en", **values)
            session.add(job)
            session.flush()
            return job.id

        with app.app_context():
            register_job("dummy.work", work, restartable=restartable)
        job_id = run_in(world.one, add)
        with app.app_context():
            rescue_jobs(NOW)
        found: tuple[JobState, str | None] = run_in(
            world.one, lambda: tuple(session.execute(sa.select(Job.state, Job.error).where(Job.id == job_id)).one())
        )
        return found

    return leave


def test_a_silent_job_has_failed(left_behind: Run, world: SimpleNamespace, notes_of: Run) -> None:
    state = left_behind(state=JobState.RUNNING, attempts=1, silent=dt.timedelta(minutes=3))

    assert state == (JobState.FAILED, "The work was interrupted. Nothing was saved.")
    assert notes_of(world.one) == []


def test_a_silent_restartable_job_runs_again(left_behind: Run, world: SimpleNamespace, notes_of: Run) -> None:
    state = left_behind(state=JobState.RUNNING, attempts=1, silent=dt.timedelta(minutes=3), restartable=True)

    assert state == (JobState.DONE, None)
    assert notes_of(world.one) == ["done"]


def test_a_job_that_kills_its_worker_is_not_restarted_for_ever(left_behind: Run) -> None:
    state, _error = left_behind(state=JobState.RUNNING, attempts=3, silent=dt.timedelta(minutes=3), restartable=True)

    assert state is JobState.FAILED


def test_a_job_with_a_heartbeat_is_left_alone(left_behind: Run) -> None:
    state = left_behind(state=JobState.RUNNING, attempts=1, silent=dt.timedelta(seconds=15))

    assert state == (JobState.RUNNING, None)


def test_a_job_whose_message_got_lost_is_handed_over_again(
    left_behind: Run, world: SimpleNamespace, notes_of: Run
) -> None:
    state = left_behind(state=JobState.QUEUED, silent=dt.timedelta(minutes=11))

    assert state == (JobState.DONE, None)
    assert notes_of(world.one) == ["done"]


def test_a_job_that_just_waits_is_left_alone(left_behind: Run) -> None:
    state = left_behind(state=JobState.QUEUED, silent=dt.timedelta(minutes=9))

    assert state == (JobState.QUEUED, None)
