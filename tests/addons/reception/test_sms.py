"""Text messages to customers: from the card, through an HTTP gateway, so many a day, and none to who opted out."""

import datetime as dt
import hashlib
import hmac
import io
import json
import re
import socket
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs

import openpyxl
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.addons.reception.receiver import Receiver, receiving

Login = Callable[..., FlaskClient]
CARD, SMS = "/reception/customer", "/reception/smsmessage"
KEY, PHONE = "key-of-the-provider", "13812345678"
JSON_BODY = '{"to":"$phone","text":"$text","key":"$key","ref":"$reference","at":"$timestamp","sign":"$sign"}'
GATEWAY = {
    "name": "Provider",
    "new_key": KEY,
    "body_template": JSON_BODY,
    "success_mark": '"code":0',
    "signature": "One Homes",
    "timeout_seconds": "1",
    "is_on": "y",
}


@pytest.fixture
def receiver(world: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """A provider on this machine, which the installation names."""
    monkeypatch.setitem(world.app.config, "ONLINE_HOSTS", ["127.0.0.1"])
    with receiving() as made:
        yield made


@pytest.fixture
def max_(login: Login, world: Any, receiver: Receiver) -> FlaskClient:
    """The manager, who has set the gateway up."""
    client = login("max", world.one)
    assert set_up(client, address=receiver.address).status_code == 302
    return client


@pytest.fixture
def customer(world: Any, run_in: Any) -> int:
    """The id of Amy's customer."""
    return open_file(world, run_in)


def set_up(client: FlaskClient, **changes: str) -> Any:
    """Send the form of the gateway."""
    return client.post("/reception/smsgateway/add", data={**GATEWAY, **changes})


def open_file(world: Any, run_in: Any, phone: str = PHONE, name: str = "Li", **values: Any) -> int:
    """Open a customer of Amy's."""
    from flask_appbuilder.security.sqla.models import User

    from addons.reception.choices import Intent
    from addons.reception.services import create_customer
    from app.database.session import session
    from app.masterdata.options import find_option, open_list

    def make() -> int:
        open_list("reception.source")
        source = find_option("reception.source", "Visit")
        assert source is not None
        made = create_customer(
            actor=session.get_one(User, world.users["amy"]),
            now=dt.datetime.now(dt.UTC),
            name=name,
            phone=phone,
            source_id=source.id,
            intent=Intent.B,
            notice_given=True,
            **values,
        )
        session.flush()
        return made.id

    return run_in(world.one, make)


def send(client: FlaskClient, customer: int, text: str = "The flat is ready.", **values: str) -> Any:
    """Press the button on the customer's page."""
    return client.post(f"{CARD}/transition/send_sms/{customer}", data={"text": text, **values})


def messages(world: Any, run_in: Any) -> list[tuple[Any, ...]]:
    """Return state, text and reason of every message."""
    from addons.reception.models import SmsMessage
    from app.database.session import session

    statement = sa.select(SmsMessage).order_by(SmsMessage.id)
    return run_in(
        world.one, lambda: [(one.state.value, one.text, one.failed_because) for one in session.scalars(statement)]
    )


def tick(world: Any, after: dt.timedelta = dt.timedelta(0)) -> None:
    """Let what waits be tried."""
    from app.online.calling import call_due

    with world.app.app_context():
        call_due(dt.datetime.now(dt.UTC) + after)


@pytest.mark.rule("S:REC-22")
def test_a_number_that_opted_out_is_not_texted(
    login: Login, world: Any, run_in: Any, max_: FlaskClient, receiver: Receiver
) -> None:
    from app.masterdata.models import PartnerPoint
    from app.online import OnlineCall

    customer = open_file(world, run_in, opt_out=True)
    from app.database.session import session

    amy = login("amy", world.one)

    refused = send(amy, customer)

    assert refused.status_code == 422
    assert "No message can be sent: This number has opted out of messages." in refused.text
    assert (messages(world, run_in), receiver.bodies) == ([], [])
    counted = sa.select(sa.func.count(OnlineCall.id)), sa.select(sa.func.count(PartnerPoint.id))
    assert run_in(world.one, lambda: [session.scalar(one) for one in counted]) == [0, 1]
    card = amy.get(f"{CARD}/show/{customer}").text
    assert "No message can be sent" in card


@pytest.mark.rule("S:REC-22")
def test_a_message_from_the_card_is_sent_and_logged(
    login: Login, world: Any, run_in: Any, max_: FlaskClient, receiver: Receiver, customer: int
) -> None:
    amy = login("amy", world.one)

    done = send(amy, customer, 'Dear {name}, "Haus" is ready. {consultant}')
    assert done.status_code == 302, done.text

    (body,) = map(json.loads, receiver.bodies)
    assert (body["to"], body["text"]) == (PHONE, '【One Homes】Dear Li, "Haus" is ready. Amy')
    signed = f"{body['to']}{body['text']}{body['at']}".encode()
    assert body["sign"] == hmac.new(KEY.encode(), signed, hashlib.sha256).hexdigest()
    assert (body["key"], receiver.headers[0]["Idempotency-Key"]) == (KEY, body["ref"])
    assert messages(world, run_in) == [("sent", body["text"], None)]
    card = amy.get(f"{CARD}/show/{customer}").text
    assert "Send text message" in card.partition('id="activity"')[2]
    shown = amy.get("/api/v1/reception/smsmessage/1").json["result"]
    assert [shown[name] for name in ("state", "length", "parts")] == ["sent", len(body["text"]), 1]


def test_the_number_is_encrypted_and_masked(
    login: Login, world: Any, run_in: Any, max_: FlaskClient, customer: int
) -> None:
    from app.database.session import session

    send(login("amy", world.one), customer)
    text = sa.text("SELECT phone FROM reception_sms_message")
    (stored,) = run_in(world.one, lambda: session.connection().execute(text).one())
    assert PHONE not in stored
    sue = login("sue", world.one).get(f"{SMS}/list/").text
    assert "138****5678" in sue
    assert PHONE not in sue
    assert KEY not in max_.get("/reception/smsgateway/show/1").text + max_.get("/reception/smsgateway/edit/1").text


def test_off_line_it_waits_and_is_sent_later(
    login: Login, world: Any, run_in: Any, max_: FlaskClient, receiver: Receiver, customer: int
) -> None:
    amy = login("amy", world.one)
    receiver.answer = (503, "later")
    assert send(amy, customer).status_code == 302
    assert [one[0] for one in messages(world, run_in)] == ["queued"]
    root = login("root", world.one)
    assert "The server is out of order or busy." in root.get("/online/functions/").text

    receiver.answer = (200, '{"code":0}')
    tick(world, dt.timedelta(minutes=2))

    assert [one[0] for one in messages(world, run_in)] == ["sent"]
    references = [json.loads(body)["ref"] for body in receiver.bodies]
    assert references == [references[0]] * 2


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


def test_who_opts_out_while_it_waits_gets_none(
    login: Login, world: Any, run_in: Any, max_: FlaskClient, receiver: Receiver, customer: int
) -> None:
    from app.database.session import session
    from app.masterdata.models import PartnerPoint

    receiver.answer = (503, "")
    send(login("amy", world.one), customer)
    receiver.answer = (200, '{"code":0}')
    opted = sa.update(PartnerPoint).values(opt_out=True)
    run_in(world.one, lambda: session.execute(opted) and None)
    tick(world, dt.timedelta(minutes=2))
    assert [(one[0], one[2]) for one in messages(world, run_in)] == [
        ("failed", "This number has opted out of messages.")
    ]
    assert len(receiver.bodies) == 1


def test_without_a_gateway_it_waits_until_there_is_one(
    login: Login, world: Any, run_in: Any, receiver: Receiver, customer: int
) -> None:
    amy = login("amy", world.one)
    assert send(amy, customer).status_code == 302
    assert "Text messages to customers is not available at present." in amy.get("/notices/").text
    set_up(login("max", world.one), address=receiver.address)
    tick(world)
    assert [one[0] for one in messages(world, run_in)] == ["sent"]


@pytest.mark.rule("S:REC-22")
def test_the_limit_of_a_day_holds_for_each_sender(
    login: Login, world: Any, run_in: Any, max_: FlaskClient, receiver: Receiver, customer: int
) -> None:
    limit = {"key": "reception.sms_daily", "value": "2", "valid_from": "2026-01-01"}
    login("root", world.one).post("/parameters/values/set", data=limit)
    amy = login("amy", world.one)
    for _number in range(2):
        assert send(amy, customer).status_code == 302

    refused = send(amy, customer)

    assert (refused.status_code, "You have sent your 2 messages of today." in refused.text) == (422, True)
    assert 'name="text"' in refused.text
    assert "The flat is ready." in refused.text
    assert len(receiver.bodies) == len(messages(world, run_in)) == 2
    assert send(max_, customer).status_code == 302


@pytest.mark.parametrize(
    ("text", "told"), [("", "Write the message, or choose a template."), ("x" * 490, "At most 500 characters")]
)
def test_a_text_that_is_empty_or_too_long_is_refused(
    login: Login, world: Any, run_in: Any, max_: FlaskClient, receiver: Receiver, customer: int, text: str, told: str
) -> None:
    refused = send(login("amy", world.one), customer, text)
    assert (refused.status_code, told in refused.text, messages(world, run_in)) == (422, True, [])
    assert text in refused.text


def test_a_landline_is_not_texted(login: Login, world: Any, run_in: Any, max_: FlaskClient) -> None:
    customer = open_file(world, run_in, "0571-87654321")
    refused = send(login("amy", world.one), customer)
    assert (refused.status_code, "no mobile number" in refused.text, messages(world, run_in)) == (422, True, [])


def test_a_template_fills_in_names(
    login: Login, world: Any, run_in: Any, max_: FlaskClient, receiver: Receiver, customer: int
) -> None:
    made = max_.post("/reception/smstemplate/add", data={"name": "Ready", "text": "{name}, it is ready."})
    assert made.status_code == 302
    assert send(login("amy", world.one), customer, "", template="1").status_code == 302
    assert json.loads(receiver.bodies[0])["text"] == "【One Homes】Li, it is ready."


@pytest.mark.parametrize(
    ("text", "parts"),
    [("字" * 70, 1), ("字" * 71, 2), ("字" * 134, 2), ("字" * 135, 3), ("😀" * 35, 1), ("😀" * 36, 2), ("", 1)],
)
def test_parts_are_counted_as_telephones_do(text: str, parts: int) -> None:
    from addons.reception.queries import sms_parts

    assert sms_parts(text) == parts


def test_the_dialog_counts_along(login: Login, world: Any, run_in: Any, max_: FlaskClient, customer: int) -> None:
    page = login("amy", world.one).get(f"{CARD}/show/{customer}").text
    found = re.search(r"<textarea[^>]*data-parts-extra=\"(\d+)\"[^>]*>", page)
    assert found is not None
    assert found.group(1) == str(len("【One Homes】"))
    assert 'data-parts-first="70"' in found.group(0)
    assert "Needs the internet" in page


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


def test_the_list_leaves_as_excel_with_masked_numbers(
    login: Login, world: Any, run_in: Any, max_: FlaskClient, customer: int
) -> None:
    send(login("amy", world.one), customer)
    with max_.get(f"{SMS}/export/") as answer:
        rows = list(openpyxl.load_workbook(io.BytesIO(answer.data)).active.iter_rows(values_only=True))
    assert "【One Homes】The flat is ready." in rows[1]
    assert login("amy", world.one).get(f"{SMS}/export/").status_code == 403


def test_erasing_the_customer_blanks_the_messages(
    login: Login, world: Any, run_in: Any, max_: FlaskClient, customer: int
) -> None:
    send(login("amy", world.one), customer, "Dear {name}")
    assert max_.post(f"{CARD}/transition/erase/{customer}", data={"source": "asked"}).status_code == 302
    from addons.reception.models import SmsMessage
    from app.database.session import session

    kept = run_in(world.one, lambda: session.scalars(sa.select(SmsMessage)).one())
    assert (kept.phone, kept.text, kept.parts) == (None, "", 1)


def test_who_may_not_does_not(login: Login, world: Any, run_in: Any, max_: FlaskClient, receiver: Receiver,
                              customer: int) -> None:  # fmt: skip
    assert send(login("dee", world.one), customer).status_code == 403
    assert send(login("bob", world.one), customer).status_code == 404
    assert login("amy", world.one).get("/reception/smsgateway/list/").status_code == 403
    assert (messages(world, run_in), receiver.bodies) == ([], [])
