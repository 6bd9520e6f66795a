"""Jobs in another thread, and in a real Celery worker of its own."""

import datetime as dt
import os
import secrets
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import redis
import sqlalchemy as sa
from flask import Flask

from app.database.columns import utc_now
from app.database.session import session
from app.jobs import Job, JobState, Progress, dispatch, dispatcher, enqueue, register_job, rescue_jobs, runner
from tests.app.jobs.notes import write_note
from tests.app.jobs.waiting import wait_until
from tests.services import REDIS_URL

Run = Callable[..., Any]
ON_POSTGRESQL = pytest.mark.parametrize(
    "database_url", [pytest.param("postgresql", marks=pytest.mark.needs("postgresql"))], indirect=True
)


@pytest.fixture
def settings(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Without Celery: threads. With it: a queue of the test's own."""
    if "worker" not in request.fixturenames:
        return {"JOBS_INLINE": False}
    return {"JOBS_INLINE": False, "REDIS_URL": REDIS_URL, "JOBS_QUEUE": f"zhanggui-test-{secrets.token_hex(4)}"}


@pytest.fixture
def worker(app: Flask, database_url: str) -> Iterator[subprocess.Popen[bytes]]:
    """A Celery worker with one process of its own, in a session of its own."""
    queue = app.config["JOBS_QUEUE"]
    environment = {
        **os.environ,
        "TEST_DATABASE_URL": database_url,
        "TEST_DATA_FOLDER": app.config["DATA_FOLDER"],
        "TEST_REDIS_URL": REDIS_URL,
        "TEST_QUEUE": queue,
    }
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "tests.app.jobs.celery_worker:celery",
        "worker",
        "--queues",
        queue,
        "--concurrency",
        "1",
        "--loglevel",
        "WARNING",
        "--without-gossip",
        "--without-mingle",
    ]
    process = subprocess.Popen(
        command,
        env=environment,
        cwd=Path(__file__).parents[3],
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    yield process
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    app.extensions["tasks"].celery.close()
    with redis.Redis.from_url(REDIS_URL) as client:
        client.delete(queue, *(f"_kombu.binding{kind}.{queue}" for kind in ("", "_permanent")))


@pytest.fixture
def state_of(run_in: Run, world: SimpleNamespace) -> Run:
    """Return a function that reads a job from another connection than the worker's."""

    def read(job_id: int) -> tuple[Any, ...]:
        columns = (Job.state, Job.done, Job.total, Job.message)
        return run_in(world.one, lambda: tuple(session.execute(sa.select(*columns).where(Job.id == job_id)).one()))

    return read


def test_without_redis_a_thread_of_the_process_works(
    app: Flask, world: SimpleNamespace, run_in: Run, notes_of: Run, state_of: Run
) -> None:
    def work(progress: Progress) -> None:
        progress(1, 1)
        write_note(threading.current_thread().name)

    with app.app_context():
        register_job("dummy.work", work)

    job_id = run_in(world.one, lambda: enqueue("dummy.work", actor=None).id)

    wait_until(lambda: state_of(job_id)[0] is JobState.DONE)
    assert notes_of(world.one)[0].startswith("jobs")


def test_a_busy_job_keeps_beating(
    app: Flask, world: SimpleNamespace, run_in: Run, state_of: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "HEARTBEAT", 0.01)
    finished = threading.Event()

    def work(_progress: Progress) -> None:
        assert finished.wait(20)

    def beaten_at() -> dt.datetime:
        return run_in(world.one, lambda: session.scalars(sa.select(Job.heartbeat_at)).one())

    with app.app_context():
        register_job("dummy.work", work, reads_only=True)
    job_id = run_in(world.one, lambda: enqueue("dummy.work", actor=None).id)
    wait_until(lambda: state_of(job_id)[0] is JobState.RUNNING)
    first = beaten_at()

    wait_until(lambda: beaten_at() > first)
    finished.set()

    wait_until(lambda: state_of(job_id)[0] is JobState.DONE)


def test_a_queue_that_does_not_answer_breaks_no_request(
    app: Flask,
    world: SimpleNamespace,
    run_in: Run,
    state_of: Run,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_arguments: Any) -> None:
        raise ConnectionError

    with app.app_context():
        register_job("dummy.work", print)
        monkeypatch.setattr(dispatcher(), "_pool", refuse)

    job_id = run_in(world.one, lambda: enqueue("dummy.work", actor=None).id)

    assert state_of(job_id)[0] is JobState.QUEUED
    assert "task jobs.run could not be handed over" in caplog.text


def test_a_failing_task_reaches_only_the_log(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    with app.app_context():
        dispatch("nobody.knows")
        dispatcher().close()

    assert "task nobody.knows failed" in caplog.text


@pytest.mark.needs("redis")
@ON_POSTGRESQL
def test_a_celery_worker_works_and_is_seen_working(
    app: Flask, worker: subprocess.Popen[bytes], world: SimpleNamespace, run_in: Run, notes_of: Run, state_of: Run
) -> None:
    with app.app_context():
        register_job("dummy.wait", print)  # The worker has the true one.
    job_id = run_in(world.one, lambda: _ask_as_ann(world), user="ann")

    wait_until(lambda: state_of(job_id) == (JobState.RUNNING, 1, 2, "waiting"), seconds=60)
    assert notes_of(world.one) == []
    run_in(world.one, lambda: write_note("go") and None)
    wait_until(lambda: state_of(job_id)[0] is JobState.DONE)

    assert sorted(notes_of(world.one)) == ["go", "unfinished"]
    details = run_in(world.one, lambda: session.scalars(sa.select(Job.details)).one())
    assert details["user"] == world.users["ann"]
    assert details["process"] not in (os.getpid(), worker.pid)


@pytest.mark.needs("redis")
@ON_POSTGRESQL
def test_a_killed_worker_is_noticed(
    app: Flask, worker: subprocess.Popen[bytes], world: SimpleNamespace, run_in: Run, notes_of: Run, state_of: Run
) -> None:
    with app.app_context():
        register_job("dummy.wait", print)
    job_id = run_in(world.one, lambda: enqueue("dummy.wait", actor=None).id)
    wait_until(lambda: state_of(job_id)[0] is JobState.RUNNING, seconds=60)

    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()
    with app.app_context():
        rescue_jobs(utc_now() + dt.timedelta(minutes=3))

    assert state_of(job_id)[0] is JobState.FAILED
    assert notes_of(world.one) == []


def _ask_as_ann(world: SimpleNamespace) -> int:
    return enqueue("dummy.wait", actor=SimpleNamespace(id=world.users["ann"])).id
