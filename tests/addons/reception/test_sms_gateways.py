"""The HTTP gateway of text messages: how it is set up, asked, and what its answers mean."""

import datetime as dt
import socket
from typing import Any
from urllib.parse import parse_qs

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.addons.reception.texting import (
    GATEWAY,
    KEY,
    PHONE,
    Login,
    customer,
    max_,
    messages,
    open_file,
    receiver,
    send,
    set_up,
    tick,
)
from tests.receiver import Receiver

pytestmark = pytest.mark.by_turns

__all__ = ["customer", "max_", "receiver"]  # Fixtures.


def test_a_provider_that_does_not_answer_blocks_nobody(
    login: Login, world: Any, run_in: Any, max_: FlaskClient, receiver: Receiver, customer: int
) -> None:
    receiver.answer = None
    assert send(login("amy", world.one), customer).status_code == 302
    assert [one[0] for one in messages(world, run_in)] == ["queued"]
    assert "did not answer in time" in login("root", world.one).get("/online/functions/").text


def test_while_the_provider_is_asked_others_write(
    login: Login, world: Any, run_in: Any, max_: FlaskClient, customer: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from addons.reception.services import sms_adapters

    other: list[int] = []
    monkeypatch.setitem(
        sms_adapters._adapters, "http", lambda _request: other.append(open_file(world, run_in, "13900000001", "Wu"))
    )
    send(login("amy", world.one), customer)
    assert len(other) == 1
    assert [one[0] for one in messages(world, run_in)] == ["sent"]


def test_a_server_that_is_not_there_is_tried_again(
    login: Login, world: Any, run_in: Any, receiver: Receiver, customer: int
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    set_up(login("max", world.one), address=f"http://127.0.0.1:{port}/")
    send(login("amy", world.one), customer)
    assert [one[0] for one in messages(world, run_in)] == ["queued"]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ((400, "no"), "The server refused the request."),
        ((302, ""), "The server refused the request."),
        ((200, '{"code":7}'), "The answer of the gateway lacks the mark of success."),
    ],
)
def test_a_refusal_is_final_and_told_to_the_sender(
    login: Login,
    world: Any,
    run_in: Any,
    max_: FlaskClient,
    receiver: Receiver,
    customer: int,
    answer: Any,
    reason: str,
) -> None:
    amy = login("amy", world.one)
    receiver.answer = answer
    send(amy, customer)
    assert messages(world, run_in) == [("failed", "【One Homes】The flat is ready.", reason)]
    assert reason in amy.get("/notices/").text
    tick(world, dt.timedelta(days=1))
    assert len(receiver.bodies) == 1


def test_a_form_body_is_escaped_as_a_form(
    login: Login, world: Any, run_in: Any, receiver: Receiver, customer: int
) -> None:
    set_up(login("max", world.one), address=receiver.address, body_template="m=$phone&c=$text&k=$key", signature="")
    send(login("amy", world.one), customer, "A & B = 3")
    assert parse_qs(receiver.bodies[0]) == {"m": [PHONE], "c": ["A & B = 3"], "k": [KEY]}


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("address", "sms.example.com", "An address such as https://"),
        ("address", "https://user:word@sms.example.com/", "An address such as https://"),
        ("address", "https://sms.example.com:99999/", "An address such as https://"),
        ("adapter", "pigeon", "There are these adapters: http."),
        ("body_template", "to=$phone", "The body needs $phone and $text"),
        ("body_template", "$phone$text$secret", "The body needs $phone and $text"),
        ("body_template", "$phone $text $ 5", "The body needs $phone and $text"),
        ("timeout_seconds", "31", "30"),
        ("name", "", "required"),
    ],
)
def test_a_wrong_gateway_is_refused(login: Login, world: Any, run_in: Any, field: str, value: str, told: str) -> None:
    from addons.reception.models import SmsGateway
    from app.database.session import session

    client = login("max", world.one)
    refused = set_up(client, **{"address": "https://sms.example.com/send", field: value})
    assert (refused.status_code, told in refused.text) == (422, True)
    assert run_in(world.one, lambda: session.scalar(sa.select(sa.func.count(SmsGateway.id)))) == 0


def test_the_own_network_is_not_asked(
    login: Login, world: Any, run_in: Any, max_: FlaskClient, receiver: Receiver, customer: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setitem(world.app.config, "ONLINE_HOSTS", [])
    send(login("amy", world.one), customer)
    assert receiver.bodies == []
    (message,) = messages(world, run_in)
    assert (message[0], "lies in the own network" in message[2]) == ("failed", True)


def test_a_changed_gateway_keeps_its_key_and_only_one_is_on(
    login: Login, world: Any, run_in: Any, max_: FlaskClient, receiver: Receiver, customer: int
) -> None:
    from addons.reception.models import SmsGateway
    from app.database.session import session

    set_up(max_, address=receiver.address, name="Second", new_key="other")
    changed = {**GATEWAY, "address": receiver.address, "new_key": "", "name": "First", "version": "1"}
    answer = max_.post("/reception/smsgateway/edit/1", data=changed)
    assert answer.status_code == 302, answer.text
    statement = sa.select(SmsGateway).order_by(SmsGateway.id)
    kept = run_in(world.one, lambda: [(one.key, one.is_on, one.version) for one in session.scalars(statement)])
    assert kept[0][0] == KEY
    assert [one[1] for one in kept].count(True) == 1
