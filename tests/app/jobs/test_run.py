"""A job from the request that asks for it to the file that its requester downloads."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import event

from app.database.context import active_company
from app.database.session import as_company, commit, db, rollback, session
from app.errors import ConfigurationError, NotFound, ValidationError
from app.jobs import (
    Job,
    JobState,
    Progress,
    cancel_job,
    enqueue,
    get_job,
    is_stopping,
    list_jobs,
    register_job,
    result_path_of,
    run_as,
    run_job,
    shown_of,
)
from app.jobs.context import short_transaction
from app.jobs.results import delete_old_results, results_folder
from tests.app.jobs.notes import DummyNote, write_note

Run = Callable[..., Any]


@pytest.fixture
def ask(app: Flask, world: SimpleNamespace, run_in: Run) -> Run:
    """Register a function, let a user ask for it in company one, and return the finished job."""

    def asked(function: Callable[..., Any], *, user: str = "ann", reads_only: bool = False, **arguments: Any) -> Job:
        with app.app_context():
            register_job("dummy.work", function, reads_only=reads_only)
        job_id = run_in(world.one, lambda: enqueue("dummy.work", actor=_user(world, user), **arguments).id, user=user)
        return run_in(world.one, lambda: _detached(job_id))

    return asked


def _user(world: SimpleNamespace, name: str) -> User:
    user = session.get(User, world.users[name])
    assert user is not None
    return user


def _detached(job_id: int) -> Job:
    job = session.get_one(Job, job_id)
    session.expunge(job)
    return job


def test_a_job_works_in_its_company_as_its_requester(ask: Run, run_in: Run, world: SimpleNamespace) -> None:
    def work(progress: Progress, *, day: dt.date, amount: Decimal) -> dict[str, int]:
        assert progress.actor is not None
        progress(3, 4, "nearly")
        write_note(f"{active_company()} {progress.actor.username} {day:%d.%m.} {amount + 1}")
        return {"written": 1}

    job = ask(work, day=dt.date(2026, 3, 2), amount=Decimal("1.50"))

    assert (job.state, job.details, job.error) == (JobState.DONE, {"written": 1}, None)
    assert (job.done, job.total, job.message, job.percent) == (3, 4, "nearly", 75)
    note = run_in(world.one, lambda: tuple(session.execute(sa.select(DummyNote.text, DummyNote.created_by_id)).one()))
    assert note == (f"{world.one} ann 02.03. 2.50", world.users["ann"])


def test_a_job_starts_after_commit_only(app: Flask, world: SimpleNamespace, notes_of: Run) -> None:
    with app.app_context():
        register_job("dummy.work", lambda _progress: write_note("done") and None)
        with as_company(world.one):
            enqueue("dummy.work", actor=None)
            assert session.scalars(sa.select(DummyNote)).all() == []
            rollback()
            assert session.scalars(sa.select(Job)).all() == []
            enqueue("dummy.work", actor=None)
            commit()

    assert notes_of(world.one) == ["done"]


def test_a_refusal_is_told_and_nothing_is_saved(ask: Run, world: SimpleNamespace, notes_of: Run, app: Flask) -> None:
    def work(progress: Progress) -> None:
        write_note("lost")
        progress.result_file("half.xlsx").write_text("half")
        raise ValidationError("rows.limit", "At most %(limit)s rows.", field="file", limit=5000)

    job = ask(work)

    assert (job.state, job.error) == (JobState.FAILED, "At most 5000 rows.")
    assert job.details == {
        "error": "rows.limit",
        "message": "At most 5000 rows.",
        "field": "file",
        "data": {"limit": 5000},
    }
    assert notes_of(world.one) == []
    with app.app_context():
        assert list(results_folder().iterdir()) == []


def test_an_unknown_failure_keeps_its_text_in_the_log(ask: Run, caplog: pytest.LogCaptureFixture) -> None:
    def work(_progress: Progress) -> None:
        raise RuntimeError("phone 13812345678 broke it")

    job = ask(work)

    assert job.state is JobState.FAILED
    assert job.error == f"Something went wrong. The administrator finds the reason in the log under job {job.id}."
    assert "13812345678" in caplog.text


def test_the_file_is_for_the_requester_for_a_week(ask: Run, run_in: Run, world: SimpleNamespace) -> None:
    def work(progress: Progress) -> None:
        progress.result_file("客户.xlsx").write_text("content")

    job = ask(work, reads_only=True)

    path = run_in(world.one, lambda: result_path_of(get_job(job.id, actor=_user(world, "ann")), _user(world, "ann")))
    assert (path.name, path.read_text()) == ("客户.xlsx", "content")
    with pytest.raises(NotFound):
        run_in(world.one, lambda: result_path_of(session.get_one(Job, job.id), _user(world, "bob")))
    for company, name in ((world.one, "bob"), (world.two, "ann")):
        with pytest.raises(NotFound):
            run_in(company, lambda name=name: get_job(job.id, actor=_user(world, name)))
    assert run_in(world.one, lambda: [found.id for found in list_jobs(actor=_user(world, "ann"))]) == [job.id]
    assert run_in(world.one, lambda: list_jobs(actor=_user(world, "bob"))) == []

    run_in(world.one, lambda: delete_old_results(job.finished_at + dt.timedelta(days=6)))
    assert path.exists()
    run_in(world.one, lambda: delete_old_results(job.finished_at + dt.timedelta(days=8)))
    assert not path.exists()
    with pytest.raises(NotFound, match="no longer kept"):
        run_in(world.one, lambda: result_path_of(session.get_one(Job, job.id), _user(world, "ann")))


@pytest.mark.rule("P:CRM-20")
def test_what_an_import_found_is_kept_for_a_week(ask: Run, run_in: Run, world: SimpleNamespace) -> None:
    job = ask(lambda _progress: {"kind": "import", "problems": [{"message": "王小明 is on file already."}]})

    def details_after(days: int) -> tuple[Any, int]:
        delete_old_results(job.finished_at + dt.timedelta(days=days))
        session.flush()
        still = session.scalars(sa.select(Job.id).where(Job.details.is_not(None))).all()
        return session.get_one(Job, job.id).details, len(still)

    assert run_in(world.one, lambda: details_after(6)) == (job.details, 1)
    assert run_in(world.one, lambda: details_after(8)) == (None, 0)


@pytest.mark.parametrize("name", ["", "..", "../x.xlsx", "/etc/passwd", "a\x00b"])
def test_a_file_stays_in_its_folder(ask: Run, name: str) -> None:
    job = ask(lambda progress: progress.result_file(name) and None)

    assert job.state is JobState.FAILED
    assert job.result_path is None


@pytest.mark.parametrize("reads_only", [True, False])
def test_others_see_the_progress_while_it_works(
    ask: Run, app: Flask, world: SimpleNamespace, *, reads_only: bool
) -> None:
    seen: list[Any] = []

    def look() -> list[Any]:
        return [(job.state, *shown_of(job)) for job in session.scalars(sa.select(Job))]

    def work(progress: Progress) -> None:
        if not reads_only:
            write_note("on the way")  # SQLite lets nobody else write from here on.
            session.flush()
        progress(20, 100, "reading")
        seen.append(run_as(world.one, None, look))

    job = ask(work, reads_only=reads_only)

    assert seen == [[(JobState.RUNNING, 20, 100, "reading")]]
    with app.app_context():
        assert not (results_folder() / str(job.id)).exists()


@pytest.mark.parametrize("reads_only", [True, False])
def test_a_cancelled_job_stops_and_saves_nothing(
    ask: Run, app: Flask, world: SimpleNamespace, notes_of: Run, *, reads_only: bool
) -> None:
    stopping: list[bool] = []

    def cancel() -> None:
        (job_id,) = session.scalars(sa.select(Job.id))
        cancel_job(job_id, actor=_user(world, "ann"))
        session.expire_all()
        stopping.append(is_stopping(session.get_one(Job, job_id)))

    def work(progress: Progress) -> None:
        if not reads_only:
            write_note("on the way")
            session.flush()
        progress.result_file("half.xlsx").write_text("half")
        run_as(world.one, None, cancel)
        progress(1, 2)
        raise AssertionError("It went on.")

    job = ask(work, reads_only=reads_only)

    assert (job.state, job.error, job.result_path) == (JobState.CANCELLED, None, None)
    is_sqlite = str(app.config["SQLALCHEMY_DATABASE_URI"]).startswith("sqlite")
    assert stopping == [is_sqlite and not reads_only]  # Where the row cannot be written now.
    assert notes_of(world.one) == []
    with app.app_context():
        assert list(results_folder().glob("*")) == []


def test_a_waiting_job_is_cancelled_at_once(app: Flask, world: SimpleNamespace, run_in: Run, notes_of: Run) -> None:
    with app.app_context():
        register_job("dummy.work", lambda _progress: write_note("done") and None)
        with as_company(world.one):
            job_id = enqueue("dummy.work", actor=_user(world, "ann")).id
            session.commit()  # Without what waits for the commit: no worker hears of it.

    with pytest.raises(NotFound):
        run_in(world.one, lambda: cancel_job(job_id, actor=_user(world, "bob")))
    run_in(world.one, lambda: cancel_job(job_id, actor=_user(world, "ann")))
    with app.app_context():
        run_job(world.one, job_id)

    assert run_in(world.one, lambda: _detached(job_id)).state is JobState.CANCELLED
    assert notes_of(world.one) == []


def test_a_job_that_is_over_stays_as_it_is(ask: Run, run_in: Run, world: SimpleNamespace, notes_of: Run) -> None:
    job = ask(lambda _progress: write_note("done") and None)

    run_in(world.one, lambda: cancel_job(job.id, actor=_user(world, "ann")))

    assert run_in(world.one, lambda: _detached(job.id)).state is JobState.DONE
    assert notes_of(world.one) == ["done"]


@pytest.mark.parametrize("reads_only", [True, False])
def test_progress_is_written_a_few_times_a_second(ask: Run, app: Flask, *, reads_only: bool) -> None:
    written = []

    def count(_connection: Any, _cursor: Any, statement: str, *_others: Any) -> None:
        if statement.startswith("UPDATE jobs_job SET done="):
            written.append(statement)

    def work(progress: Progress) -> None:
        event.listen(db.engine, "before_cursor_execute", count)
        for row in range(1000):
            progress(row + 1, 1000)
        event.remove(db.engine, "before_cursor_execute", count)

    job = ask(work, reads_only=reads_only)

    assert (job.done, job.total) == (1000, 1000)
    assert len(written) <= 3


def test_a_job_is_run_once(app: Flask, world: SimpleNamespace, run_in: Run, ask: Run, notes_of: Run) -> None:
    job = ask(lambda _progress: write_note("once") and None)

    with app.app_context():
        run_job(world.one, job.id)
        run_job(world.two, job.id)

    assert notes_of(world.one) == ["once"]


def test_a_run_given_up_as_dead_saves_nothing(ask: Run, world: SimpleNamespace, notes_of: Run) -> None:
    def work(_progress: Progress) -> None:
        with short_transaction() as connection:  # What the rescue does to a silent job.
            connection.execute(sa.update(Job.__table__).values(attempts=Job.attempts + 1))
        write_note("too late")

    job = ask(work, reads_only=True)

    assert (job.state, job.attempts) == (JobState.RUNNING, 2)
    assert notes_of(world.one) == []


def test_an_unknown_name_is_a_mistake_in_the_code(run_in: Run, world: SimpleNamespace) -> None:
    with pytest.raises(ConfigurationError, match=r"job dummy\.nothing: not registered"):
        run_in(world.one, lambda: enqueue("dummy.nothing", actor=None))


def test_a_name_is_registered_once(app: Flask) -> None:
    with app.app_context():
        register_job("dummy.work", print)
        with pytest.raises(ConfigurationError, match="registered twice"):
            register_job("dummy.work", print)


def test_a_switched_off_addon_has_no_jobs(app: Flask, run_in: Run, world: SimpleNamespace, notes_of: Run) -> None:
    with app.app_context():
        register_job("dummy.work", lambda _progress: write_note("done") and None, addon="dummy")

    run_in(world.one, lambda: enqueue("dummy.work", actor=None))
    with pytest.raises(NotFound):
        run_in(world.two, lambda: enqueue("dummy.work", actor=None))

    assert notes_of(world.one) == ["done"]
    assert run_in(world.two, lambda: session.scalars(sa.select(Job)).all()) == []
