"""What runs by itself: when it is due, once, per company."""

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.database.columns import utc_now
from app.database.context import acting_user_id, active_company
from app.database.session import session
from app.errors import ConfigurationError
from app.jobs import (
    Job,
    JobState,
    ScheduledRun,
    add_schedule,
    add_tick,
    register_job,
    run_due,
    schedule_job,
    scheduler,
    start_scheduler,
)
from tests.app.jobs.notes import write_note
from tests.app.jobs.waiting import wait_until

Run = Callable[..., Any]
NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
DAY, HOUR, MINUTE = dt.timedelta(days=1), dt.timedelta(hours=1), dt.timedelta(minutes=1)


@pytest.fixture
def due(app: Flask) -> Run:
    """Run what is due at an instant."""

    def run(now: dt.datetime) -> None:
        with app.app_context():
            run_due(now)

    return run


@pytest.fixture
def every(app: Flask) -> Run:
    """Add a schedule."""

    def add(interval: dt.timedelta, function: Callable[[dt.datetime], Any], **options: Any) -> None:
        with app.app_context():
            add_schedule("dummy.work", interval, function, **options)

    return add


def test_it_runs_in_each_company_as_the_system_when_due(
    due: Run, every: Run, world: SimpleNamespace, notes_of: Run
) -> None:
    every(HOUR, lambda now: write_note(f"{active_company()} {acting_user_id()} {now:%H:%M}"))

    for minutes in (0, 0, 1, 59, 60, 61):
        due(NOON + minutes * MINUTE)

    assert notes_of(world.one) == [f"{world.one} None 12:00", f"{world.one} None 13:00"]
    assert notes_of(world.two) == [f"{world.two} None 12:00", f"{world.two} None 13:00"]


def test_missed_turns_are_not_made_up_and_the_hour_is_kept(
    due: Run, every: Run, world: SimpleNamespace, notes_of: Run
) -> None:
    every(HOUR, lambda now: write_note(f"{now:%H:%M}"))

    for minutes in (0, 200, 239, 240):
        due(NOON + minutes * MINUTE)

    assert notes_of(world.one) == ["12:00", "15:20", "16:00"]


def test_a_company_with_the_addon_off_is_skipped(due: Run, every: Run, world: SimpleNamespace, notes_of: Run) -> None:
    every(HOUR, lambda _now: write_note("done"), addon="dummy")

    due(NOON)

    assert notes_of(world.one) == ["done"]
    assert notes_of(world.two) == []


def test_a_failed_turn_saves_nothing_and_is_tried_again(
    due: Run, every: Run, world: SimpleNamespace, notes_of: Run, run_in: Run
) -> None:
    failing = [True]

    def work(_now: dt.datetime) -> None:
        write_note("done")
        if failing and active_company() == world.one:
            raise RuntimeError

    def state() -> tuple[Any, ...]:
        return tuple(
            session.execute(
                sa.select(ScheduledRun.failures, ScheduledRun.error, ScheduledRun.due_at).where(
                    ScheduledRun.name == "dummy.work"
                )
            ).one()
        )

    every(HOUR, work)

    due(NOON)
    assert (notes_of(world.one), notes_of(world.two)) == ([], ["done"])
    assert run_in(world.one, state) == (1, "RuntimeError", NOON + 5 * MINUTE)
    due(NOON + 4 * MINUTE)
    assert run_in(world.one, state) == (1, "RuntimeError", NOON + 5 * MINUTE)
    failing.clear()
    due(NOON + 5 * MINUTE)
    assert (notes_of(world.one), notes_of(world.two)) == (["done"], ["done"])
    assert run_in(world.one, state) == (0, None, NOON + 65 * MINUTE)


def test_a_turn_that_another_process_has_is_skipped(
    due: Run, every: Run, world: SimpleNamespace, notes_of: Run, database_url: str
) -> None:
    every(HOUR, lambda _now: write_note("done"))
    due(NOON)
    if database_url.startswith("sqlite"):
        return  # There the whole file is locked, and the second process waits.

    other = sa.create_engine(database_url.replace("zhanggui_app@", "postgres@"))
    with other.begin() as connection:
        connection.execute(sa.text("SELECT id FROM jobs_scheduled_run FOR UPDATE"))
        due(NOON + HOUR)
        assert notes_of(world.one) == ["done"]
    other.dispose()

    due(NOON + HOUR)
    assert notes_of(world.one) == ["done", "done"]


def test_one_failing_tick_stops_nothing(
    app: Flask, due: Run, every: Run, world: SimpleNamespace, notes_of: Run
) -> None:
    def fail(_now: dt.datetime) -> None:
        raise RuntimeError

    with app.app_context():
        add_tick(fail)
    every(HOUR, lambda _now: write_note("done"))

    due(NOON)

    assert notes_of(world.one) == ["done"]


def test_long_work_is_scheduled_as_a_job(
    app: Flask, due: Run, world: SimpleNamespace, notes_of: Run, run_in: Run
) -> None:
    def work(progress: Any) -> None:
        progress(1, 1)
        write_note("done")

    with app.app_context():
        register_job("dummy.long", work, addon="dummy")
        schedule_job("dummy.long", DAY, addon="dummy")

    due(utc_now())
    due(utc_now())

    assert notes_of(world.one) == ["done"]
    assert run_in(world.one, lambda: session.scalars(sa.select(Job.state)).all()) == [JobState.DONE]
    assert run_in(world.two, lambda: session.scalars(sa.select(Job.state)).all()) == []


def test_the_scheduler_thread_ticks(
    app: Flask, every: Run, world: SimpleNamespace, notes_of: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler, "_TICK", 0.01)
    every(HOUR, lambda _now: write_note("done"))

    thread = start_scheduler(app)
    try:
        wait_until(lambda: notes_of(world.two) == ["done"])
    finally:
        thread.stop()

    assert notes_of(world.one) == ["done"]


def test_the_clock_ticks_once_a_minute(every: Run) -> None:
    with pytest.raises(ConfigurationError, match=r"dummy\.work"):
        every(dt.timedelta(seconds=30), print)
    every(HOUR, print)
    with pytest.raises(ConfigurationError, match="added twice"):
        every(HOUR, print)
