"""Security events outlive the request that caused them."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.audit import SecurityEvent, list_security_events, record_security_event, set_origin
from app.database.session import rollback, session
from tests.app.jobs.notes import write_note

Run = Callable[..., Any]


def _events() -> list[tuple[Any, ...]]:
    return [
        (found.kind, found.user_id, found.username, found.company_id, found.ip, found.details)
        for found in list_security_events()
    ]


def test_an_event_has_the_present_user_company_and_origin(run_in: Run, world: SimpleNamespace) -> None:
    def record() -> None:
        set_origin("192.0.2.7", "request-1")
        try:
            record_security_event("denied", resource="reception.Visit", verb="delete")
        finally:
            set_origin(None, None)

    run_in(world.one, record, user="ann")

    assert run_in(None, _events) == [
        ("denied", world.users["ann"], None, world.one, "192.0.2.7", {"resource": "reception.Visit", "verb": "delete"})
    ]


def test_who_logs_in_is_given(run_in: Run, world: SimpleNamespace) -> None:
    run_in(None, lambda: record_security_event("login.failed", username="nobody" * 40))
    run_in(None, lambda: record_security_event("login", user_id=world.users["bob"], company_id=world.two))

    assert run_in(None, _events) == [
        ("login", world.users["bob"], None, world.two, None, {}),
        ("login.failed", None, ("nobody" * 40)[:120], None, None, {}),
    ]
    assert run_in(None, lambda: [found.kind for found in list_security_events(user_id=world.users["bob"])]) == ["login"]


def test_an_event_survives_the_rollback_of_a_request_that_was_writing(
    app: Flask, run_in: Run, world: SimpleNamespace, notes_of: Run
) -> None:
    def refused() -> None:
        write_note("undone")
        record_security_event("denied", resource="reception.Visit")
        rollback()

    run_in(world.one, refused)

    assert notes_of(world.one) == []
    assert [event[0] for event in run_in(None, _events)] == ["denied"]


def test_an_event_survives_a_request_that_crashed(app: Flask, run_in: Run, world: SimpleNamespace) -> None:
    def crash() -> None:
        write_note("undone")
        record_security_event("denied", resource="reception.Visit")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        run_in(world.one, crash)

    assert run_in(None, lambda: session.scalars(sa.select(SecurityEvent.kind)).all()) == ["denied"]
