"""Who hears an event in the transaction, and what a failing handler does to it."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from app.database.isolation import IsolationError
from app.database.session import session
from app.errors import ConfigurationError, Conflict
from app.events import Delivery, Event, list_failures, publish, subscribe
from tests.app.events.sales import Sold, note_everything, note_sale
from tests.app.jobs.notes import DummyNote, write_note

Run = Callable[..., Any]


@pytest.fixture
def hear(app: Flask, world: SimpleNamespace) -> Run:
    """Subscribe a handler of the dummy add-on, which is on in company one."""

    def add(handler: Callable[[Any], Any], **options: Any) -> None:
        with app.app_context():
            subscribe(Sold, handler, **{"addon": "dummy", **options})

    return add


@pytest.fixture
def sell(run_in: Run, world: SimpleNamespace) -> Run:
    """Do the business verb in a company."""

    def sold(company_id: int, order_id: int = 7) -> None:
        def verb() -> None:
            write_note("order")
            publish(Sold(company_id=company_id, order_id=order_id, amount=Decimal("1.50")))

        run_in(company_id, verb)

    return sold


def _deliveries() -> list[tuple[Any, ...]]:
    columns = (Delivery.handler, Delivery.attempts, Delivery.error, Delivery.done_at.is_not(None))
    return [tuple(row) for row in session.execute(sa.select(*columns).order_by(Delivery.id))]


def test_enabled_addons_hear_it_in_order(hear: Run, sell: Run, world: SimpleNamespace, notes_of: Run) -> None:
    hear(note_everything, addon=None)
    hear(note_sale)

    sell(world.one)
    sell(world.two)

    assert notes_of(world.one) == ["order", "7 2.50 02.03.", "sold 7"]
    assert notes_of(world.two) == ["order", "7 2.50 02.03."]


def test_a_switched_off_addon_leaves_no_trace(
    hear: Run, sell: Run, world: SimpleNamespace, notes_of: Run, run_in: Run
) -> None:
    hear(note_sale, after_commit=True)

    sell(world.two)

    assert notes_of(world.two) == ["order"]
    assert run_in(world.two, _deliveries) == []


def test_a_failing_handler_breaks_nothing_and_becomes_an_exception_item(
    hear: Run, sell: Run, world: SimpleNamespace, notes_of: Run, run_in: Run
) -> None:
    def fail(_event: Sold) -> None:
        write_note("half")
        raise RuntimeError("secret 13812345678")

    hear(fail)
    hear(note_sale)

    sell(world.one)

    assert notes_of(world.one) == ["order", "sold 7"]
    assert run_in(world.one, _deliveries) == [("dummy.fail", 1, "RuntimeError", False)]
    assert run_in(world.one, lambda: [failure.event for failure in list_failures()]) == ["Sold"]
    assert run_in(world.two, list_failures) == []


def test_a_refusal_without_veto_is_a_failure_in_words(
    hear: Run, sell: Run, world: SimpleNamespace, run_in: Run
) -> None:
    def refuse(_event: Sold) -> None:
        raise Conflict("stock.short", "Only %(left)s left.", left=3)

    hear(refuse)

    sell(world.one)

    assert run_in(world.one, _deliveries) == [("dummy.refuse", 1, "Only 3 left.", False)]


def test_a_veto_refuses_the_verb(hear: Run, sell: Run, world: SimpleNamespace, notes_of: Run, run_in: Run) -> None:
    def refuse(_event: Sold) -> None:
        raise Conflict("stock.short", "Only %(left)s left.", left=3)

    hear(note_sale)
    hear(refuse, veto=True)

    with pytest.raises(Conflict, match="Only 3 left"):
        sell(world.one)

    assert notes_of(world.one) == []
    assert run_in(world.one, _deliveries) == []


def test_a_constraint_met_by_a_veto_handler_refuses_too(
    hear: Run, sell: Run, world: SimpleNamespace, notes_of: Run
) -> None:
    def lock(_event: Sold) -> None:
        session.add(DummyNote(text=None))
        session.flush()

    hear(lock, veto=True)

    with pytest.raises(IntegrityError):
        sell(world.one)

    assert notes_of(world.one) == []


def test_a_bug_in_a_veto_handler_is_a_failure_like_any_other(
    hear: Run, sell: Run, world: SimpleNamespace, notes_of: Run, run_in: Run
) -> None:
    def broken(_event: Sold) -> None:
        raise KeyError

    hear(broken, veto=True)

    sell(world.one)

    assert notes_of(world.one) == ["order"]
    assert run_in(world.one, _deliveries) == [("dummy.broken", 1, "KeyError", False)]


def test_a_mistake_of_the_verb_is_not_blamed_on_a_handler(hear: Run, run_in: Run, world: SimpleNamespace) -> None:
    hear(note_sale)

    def verb() -> None:
        session.add(DummyNote(text=None))
        publish(Sold(company_id=world.one, order_id=7))

    with pytest.raises(IntegrityError):
        run_in(world.one, verb)

    assert run_in(world.one, _deliveries) == []


def test_an_event_of_another_company_is_refused(run_in: Run, world: SimpleNamespace) -> None:
    with pytest.raises(IsolationError):
        run_in(world.one, lambda: publish(Sold(company_id=world.two, order_id=7)))


def test_a_handler_name_is_unique_in_its_addon(hear: Run) -> None:
    hear(note_sale)
    hear(note_sale, addon="other")
    with pytest.raises(ConfigurationError, match=r"dummy\.note_sale: subscribed twice"):
        hear(note_sale)


def test_nothing_can_be_refused_after_commit(hear: Run) -> None:
    with pytest.raises(ConfigurationError, match="after commit"):
        hear(note_sale, after_commit=True, veto=True)


def test_an_event_that_cannot_be_stored_is_refused_at_start(app: Flask) -> None:
    @dataclass(frozen=True, kw_only=True)
    class Carried(Event):
        order: DummyNote

    class Plain(Event):
        pass

    with app.app_context():
        with pytest.raises(ConfigurationError, match=r"Carried\.order"):
            subscribe(Carried, print)
        with pytest.raises(ConfigurationError, match="Plain: not a frozen dataclass"):
            subscribe(Plain, print)
