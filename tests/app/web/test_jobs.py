"""The page of a job: how far it is, and calling it off, even while the work keeps everybody else from writing."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest


@contextmanager
def another_writer(world: Any) -> Iterator[bool]:
    """Hold SQLite's one write lock, as an import does; tell whether it is SQLite."""
    from app.database.session import db

    with world.app.app_context():
        url, is_sqlite = db.engine.url, db.engine.dialect.name == "sqlite"
    if not is_sqlite:
        yield False
        return
    with closing(sqlite3.connect(url.database, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield True


@pytest.fixture
def running(world: Any, run_in: Any) -> Iterator[int]:
    """A job of Ann's at work."""
    from app.database.session import session
    from app.jobs import Job, JobState
    from app.jobs.results import delete_result

    def begin() -> int:
        job = Job(name="crud.import", requested_by_id=world.users["ann"], state=JobState.RUNNING, attempts=1)
        session.add(job)
        session.flush()
        return job.id

    key: int = run_in(world.one, begin)
    yield key
    run_in(world.one, lambda: delete_result(key))


def test_a_running_job_is_called_off(world: Any, login: Any, run_in: Any, running: int) -> None:
    from app.database.session import session
    from app.jobs import Job, is_stopping

    def state() -> tuple[str, bool]:
        job = session.get_one(Job, running)
        return job.state.value, is_stopping(job)

    ann, rob = login("ann", world.one), login("rob", world.one)
    assert "Cancel" in ann.get(f"/jobs/{running}").text
    with another_writer(world) as is_sqlite:
        assert rob.post(f"/jobs/{running}/cancel").status_code == 404
        assert ann.post(f"/jobs/{running}/cancel").status_code == 302
        expected = ("running", True) if is_sqlite else ("cancelled", False)  # The row, or a word to the worker.
        assert run_in(world.one, state) == expected
        assert ("Stopping…" if is_sqlite else "Nothing was saved.") in ann.get(f"/jobs/{running}").text
        by_rest = ann.post(f"/api/v1/jobs/{running}/cancel").json
        assert (by_rest["state"], by_rest["stopping"]) == expected
