"""The outbox: delivered after commit, once, and again after a failure."""

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.companies.enablement import switch
from app.database.columns import utc_now
from app.database.context import acting_user_id
from app.database.session import as_company, commit, rollback, session
from app.errors import NotFound
from app.events import Delivery, deliver, list_failures, publish, retry_due, retry_failure, subscribe
from app.events.outbox import next_attempt
from app.jobs import dispatcher
from tests.app.events.sales import Sold, note_everything, note_sale

Run = Callable[..., Any]
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def hear(app: Flask, world: SimpleNamespace) -> Run:
    """Subscribe a handler of the dummy add-on."""

    def add(handler: Callable[[Any], Any], *, after_commit: bool = True) -> None:
        with app.app_context():
            subscribe(Sold, handler, addon="dummy", after_commit=after_commit)

    return add


@pytest.fixture
def sell(run_in: Run, world: SimpleNamespace) -> Run:
    """Do the business verb in company one."""

    def sold(*order_ids: int, user: str | None = None) -> None:
        def verb() -> None:
            for order_id in order_ids:
                publish(Sold(company_id=world.one, order_id=order_id))

        run_in(world.one, verb, user=user)

    return sold


@pytest.fixture
def retry(app: Flask) -> Run:
    """Deliver what is due so long after now."""

    def run(after: dt.timedelta) -> None:
        with app.app_context():
            retry_due(utc_now() + after)

    return run


@pytest.fixture
def offline(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lose everything that is handed over after commit, as if the process had died just then."""
    with app.app_context():
        monkeypatch.setattr(dispatcher(), "dispatch", lambda *_names, **_arguments: None)


def _states() -> list[tuple[Any, ...]]:
    columns = (Delivery.attempts, Delivery.error, Delivery.done_at.is_not(None))
    return [tuple(row) for row in session.execute(sa.select(*columns).order_by(Delivery.id))]


def test_it_is_delivered_after_commit_as_the_user(
    hear: Run, sell: Run, world: SimpleNamespace, notes_of: Run, run_in: Run
) -> None:
    users = []

    def note_user(event: Sold) -> None:
        users.append(acting_user_id())
        note_everything(event)

    hear(note_user)

    sell(7, user="ann")

    assert notes_of(world.one) == ["7 1 02.03."]
    assert users == [world.users["ann"]]
    assert run_in(world.one, _states) == [(1, None, True)]


def test_nothing_is_delivered_before_commit_or_after_a_rollback(
    app: Flask, hear: Run, world: SimpleNamespace, notes_of: Run
) -> None:
    hear(note_sale)
    with app.app_context(), as_company(world.one):
        publish(Sold(company_id=world.one, order_id=1))
        rollback()
        publish(Sold(company_id=world.one, order_id=2))
        assert session.scalars(sa.select(Delivery.done_at)).all() == [None]
        commit()

    assert notes_of(world.one) == ["sold 2"]


@pytest.mark.usefixtures("offline")
def test_what_got_lost_after_commit_is_delivered_by_the_tick(
    hear: Run, sell: Run, retry: Run, world: SimpleNamespace, notes_of: Run
) -> None:
    hear(note_sale)
    sell(7)
    assert notes_of(world.one) == []

    retry(MINUTE)
    retry(2 * MINUTE)

    assert notes_of(world.one) == ["sold 7"]


@pytest.mark.parametrize("after_commit", [True, False])
def test_a_failure_is_undone_told_and_tried_again_later_each_time(
    hear: Run, sell: Run, retry: Run, world: SimpleNamespace, notes_of: Run, run_in: Run, *, after_commit: bool
) -> None:
    failing = [True]

    def handle(event: Sold) -> None:
        note_sale(event)
        if failing:
            raise RuntimeError

    hear(handle, after_commit=after_commit)

    sell(7)
    assert (notes_of(world.one), run_in(world.one, _states)) == ([], [(1, "RuntimeError", False)])
    retry(MINUTE / 2)
    assert run_in(world.one, _states) == [(1, "RuntimeError", False)]
    retry(2 * MINUTE)
    assert run_in(world.one, _states) == [(2, "RuntimeError", False)]
    failing.clear()
    retry(3 * MINUTE)
    assert (notes_of(world.one), run_in(world.one, _states)) == ([], [(2, "RuntimeError", False)])
    retry(5 * MINUTE)
    assert (notes_of(world.one), run_in(world.one, _states)) == (["sold 7"], [(3, None, True)])
    assert run_in(world.one, list_failures) == []


def test_after_the_last_attempt_a_person_decides(
    hear: Run, sell: Run, retry: Run, world: SimpleNamespace, notes_of: Run, run_in: Run
) -> None:
    failing = [True]

    def handle(event: Sold) -> None:
        if failing:
            raise RuntimeError
        note_sale(event)

    hear(handle)
    sell(7)
    delivery_id = run_in(world.one, lambda: list_failures()[0].id)
    run_in(world.one, lambda: session.execute(sa.update(Delivery).values(attempts=11)) and None)
    retry(2 * MINUTE)
    assert run_in(world.one, lambda: session.scalars(sa.select(Delivery.due_at)).all()) == [None]
    failing.clear()
    retry(dt.timedelta(days=365))
    assert notes_of(world.one) == []

    with pytest.raises(NotFound):
        run_in(world.two, lambda: retry_failure(delivery_id, now=utc_now()))
    run_in(world.one, lambda: retry_failure(delivery_id, now=utc_now()) and None)
    retry(MINUTE)

    assert notes_of(world.one) == ["sold 7"]
    with pytest.raises(NotFound):
        run_in(world.one, lambda: retry_failure(delivery_id, now=utc_now()))


def test_the_pauses_double_up_to_six_hours() -> None:
    now = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)

    pauses = [(next_attempt(attempts, now) or now) - now for attempts in (1, 2, 3, 9, 10, 11, 12)]

    assert [pause / MINUTE for pause in pauses] == [1, 2, 4, 256, 360, 360, 0]


@pytest.mark.usefixtures("offline")
def test_a_switched_off_addon_waits_until_it_is_on_again(
    hear: Run, sell: Run, retry: Run, world: SimpleNamespace, notes_of: Run, run_in: Run
) -> None:
    hear(note_sale)
    sell(7)
    run_in(None, lambda: switch("dummy", world.one, on=False, depends={"dummy": []}))
    retry(MINUTE)
    assert (notes_of(world.one), run_in(world.one, _states)) == ([], [(0, None, False)])

    run_in(None, lambda: switch("dummy", world.one, on=True, depends={"dummy": []}))
    retry(MINUTE)

    assert notes_of(world.one) == ["sold 7"]


def test_a_handler_that_the_code_no_longer_has_is_left_alone(
    app: Flask, retry: Run, world: SimpleNamespace, run_in: Run
) -> None:
    run_in(
        world.one,
        lambda: session.add(Delivery(event_uid="u", event="Sold", payload={}, handler="dummy.gone", due_at=utc_now())),
    )

    retry(MINUTE)

    assert run_in(world.one, _states) == [(0, None, False)]


@pytest.mark.usefixtures("offline")
def test_a_delivered_event_is_not_delivered_again(
    app: Flask, hear: Run, sell: Run, world: SimpleNamespace, notes_of: Run, run_in: Run
) -> None:
    hear(note_sale)
    sell(7)
    delivery_id = run_in(world.one, lambda: session.scalars(sa.select(Delivery.id)).one())

    with app.app_context():
        for company_id in (world.two, world.one, world.one):
            deliver(company_id, delivery_id)

    assert notes_of(world.one) == ["sold 7"]


@pytest.mark.usefixtures("offline")
def test_two_processes_deliver_each_event_once(
    app: Flask, database_url: str, hear: Run, sell: Run, world: SimpleNamespace, notes_of: Run, run_in: Run
) -> None:
    orders = list(range(40))
    hear(note_sale)
    sell(*orders)
    command = [sys.executable, "-m", "tests.app.events.second_process", database_url, app.config["DATA_FOLDER"]]
    processes = [
        subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=dict(os.environ),
            cwd=Path(__file__).parents[3],
        )
        for _ in range(2)
    ]

    try:
        for process in processes:
            assert process.stdout.readline() == "ready\n"
        for process in processes:
            process.stdin.write("go\n")
            process.stdin.flush()
        delivered = [int(process.communicate(timeout=60)[0]) for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.communicate()

    assert sorted(notes_of(world.one)) == sorted(f"sold {order}" for order in orders)
    assert sum(delivered) == len(orders)
    assert run_in(world.one, _states) == [(1, None, True)] * len(orders)


@pytest.mark.usefixtures("offline")
def test_an_effect_and_its_mark_are_one_transaction(
    app: Flask,
    hear: Run,
    sell: Run,
    world: SimpleNamespace,
    notes_of: Run,
    run_in: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def die() -> None:
        raise KeyboardInterrupt

    hear(note_sale)
    sell(7)
    delivery_id = run_in(world.one, lambda: session.scalars(sa.select(Delivery.id)).one())
    with monkeypatch.context() as patched, app.app_context():
        patched.setattr("app.events.delivery.commit", die)  # The process is killed at the last moment.
        with pytest.raises(KeyboardInterrupt):
            deliver(world.one, delivery_id)
    assert (notes_of(world.one), run_in(world.one, _states)) == ([], [(0, None, False)])

    with app.app_context():
        deliver(world.one, delivery_id)

    assert (notes_of(world.one), run_in(world.one, _states)) == (["sold 7"], [(1, None, True)])
