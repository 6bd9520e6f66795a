"""Text messages to customers: from the card, so many a day, and none to whoever has opted out."""

import datetime as dt
import hashlib
import hmac
import io
import json
import re
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.addons.reception.texting import (
    CARD,
    KEY,
    PHONE,
    SMS,
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
    assert "Send text message" in amy.get(f"{CARD}/activity/{customer}").text
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
