"""Notices by chat, to a robot that really listens: after commit, tried again, and never in anybody's way."""

import datetime as dt
from typing import Any

import pytest

from app.notices.models import Channel
from tests.app.channels.conftest import KEY, MESSAGES, PREFERENCES, SCREEN

pytestmark = pytest.mark.by_turns

UNSAFE = "The robot's security settings refuse it: look at its signing key, key words and addresses."
TOLD = "[One Homes] Ann Test: 王芳 planned Zhao & Sons."


@pytest.mark.parametrize("service", ["wecom", "dingtalk", "feishu"])
def test_a_notice_reaches_the_group_in_the_readers_words_with_a_link_to_its_record(
    service: str, set_up: Any, tell: Any, robot: Any, messages: Any, login: Any, world: Any
) -> None:
    assert set_up(service).status_code == 302
    tell("ann")

    text = f"{TOLD}\nhttps://office.test/notices/{world.one}/1"
    bodies = {
        "wecom": {"msgtype": "text", "text": {"content": text}},
        "dingtalk": {"msgtype": "text", "text": {"content": text}, "at": {"isAtAll": False}},
        "feishu": {"msg_type": "text", "content": {"text": text}},
    }
    assert robot.heard == [bodies[service]]
    assert robot.hook(service).endswith(robot.receiver.paths[0])
    assert messages() == [(service, "sent", None)]
    followed = login("ann", world.one).get(f"/notices/{world.one}/1")
    assert followed.headers["Location"] == "/visits/visit/show/1"


@pytest.mark.rule("S:CORE-24")
def test_a_group_reads_the_kind_only_unless_the_company_wants_more(set_up: Any, tell: Any, robot: Any) -> None:
    set_up(content="kind_and_link")
    tell("ann")
    assert robot.heard[0]["text"]["content"].startswith("[One Homes] Ann Test: 您有新通知：A visit waits for me\n")


@pytest.mark.rule("S:CORE-24")
def test_whoever_may_not_see_the_record_is_not_told_its_title_by_chat(set_up: Any, tell: Any, robot: Any) -> None:
    set_up()
    tell("eve")
    assert "Zhao" not in robot.receiver.bodies[0]


@pytest.mark.rule("S:CORE-20")
def test_while_the_service_is_away_the_message_waits_and_is_sent_once(
    root: Any, set_up: Any, tell: Any, robot: Any, messages: Any, tick: Any
) -> None:
    set_up()
    robot.answers(500, {})
    tell("ann")
    assert messages() == [("wecom", "queued", None)]
    assert "The server is out of order or busy." in root.get("/online/functions/").text
    robot.answers(200, {"errcode": 0})
    tick()  # Not yet: a minute has to pass.
    assert len(robot.heard) == 1
    tick(dt.timedelta(minutes=2))
    tick(dt.timedelta(minutes=4))
    assert len(robot.heard) == 2
    assert messages() == [("wecom", "sent", None)]


@pytest.mark.rule("S:CORE-20")
def test_a_function_that_is_switched_off_queues_and_says_so(
    root: Any, set_up: Any, tell: Any, robot: Any, messages: Any, tick: Any
) -> None:
    switch = {"key": "core.online_features", "valid_from": "2026-01-01"}
    root.post("/parameters/values/set", data={**switch, "value": "sms"})
    set_up()
    tell("ann")
    assert (robot.heard, messages()) == ([], [("wecom", "queued", None)])
    assert "Switched off" in root.get("/online/functions/").text
    root.post("/parameters/values/set", data={**switch, "value": "sms\nwecom", "valid_from": "2026-01-02"})
    tick()
    assert messages() == [("wecom", "sent", None)]


def test_a_service_that_does_not_answer_blocks_nobody(
    set_up: Any, tell: Any, robot: Any, messages: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.channels.robots.TIMEOUT", 1)
    set_up()
    robot.receiver.answer = None
    tell("ann")
    assert messages() == [("wecom", "queued", None)]


@pytest.mark.parametrize(
    ("service", "answer", "state", "reason"),
    [
        ("wecom", {"errcode": 93000}, "failed", "The service does not know this web-hook."),
        ("dingtalk", {"errcode": 310000, "errmsg": f"token {KEY}"}, "failed", UNSAFE),
        ("feishu", {"code": 19024}, "failed", UNSAFE),
        ("feishu", {"code": 1}, "failed", "The service refused the message."),
        ("wecom", {"errcode": 45009}, "queued", None),
        ("wecom", {}, "queued", None),
        ("wecom", "<html>", "queued", None),
    ],
)  # fmt: skip
def test_an_answer_200_with_an_error_is_no_success(
    service: str, answer: Any, state: str, reason: str | None, set_up: Any, tell: Any, robot: Any, messages: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    set_up(service)
    robot.answers(200, answer)
    tell("ann")
    assert messages() == [(service, state, reason)]
    assert KEY not in caplog.text


def test_what_was_given_up_is_logged_and_sent_again_by_hand(
    root: Any, login: Any, world: Any, set_up: Any, tell: Any, robot: Any, messages: Any, tick: Any
) -> None:
    set_up()
    robot.answers(302, {})
    tell("ann")
    tick(dt.timedelta(days=1))
    assert (len(robot.heard), messages()[0][1]) == (1, "failed")
    assert "The server refused the request." in root.get(f"{MESSAGES}/list/").text
    assert "WeCom · Ann Test" in root.get("/todo/").text
    assert "could not be done" not in login("ann", world.one).get("/notices/").text

    assert login("ann", world.one).post(f"{MESSAGES}/transition/send_again/1").status_code in (302, 403)
    assert messages()[0][1] == "failed"
    robot.answers(200, {"errcode": 0})
    assert root.post(f"{MESSAGES}/transition/send_again/1").status_code == 302
    assert messages() == [("wecom", "sent", None)]
    assert root.post(f"{MESSAGES}/transition/send_again/1").status_code == 422


def test_everybody_is_told_as_he_chose(set_up: Any, prefer: Any, tell: Any, robot: Any, messages: Any) -> None:
    set_up()
    set_up("feishu")
    assert prefer("ann", service="feishu", mention="ou_7d8a", language="en").status_code == 302
    assert prefer("rob", chat="").status_code == 302
    assert prefer("eve", **{"visits.asked": Channel.NONE.value, "mention": "13812345678"}).status_code == 302
    tell("ann", "rob", "eve")

    to_eve, to_ann = sorted(robot.heard, key=str, reverse=True)
    assert to_ann["content"]["text"].startswith(f'<at user_id="ou_7d8a"></at> {TOLD}')
    assert to_eve["text"]["mentioned_mobile_list"] == ["13812345678"]
    assert "Eve Test" in to_eve["text"]["content"]
    assert sorted(messages()) == [("feishu", "sent", None), ("wecom", "sent", None)]


WRONG = (
    ({"mention": "@all"}, "A mobile number, or your user ID"),
    ({"mention": "all"}, "A mobile number, or your user ID"),
    ({"mention": "x" * 65}, "at most 64"),
    ({"mention": "Wang Fang"}, "A mobile number, or your user ID"),
    ({"mention": "13812345678", "service": "feishu"}, "Feishu calls nobody by a mobile number"),
    ({"service": "pigeon"}, "This choice is not offered."),
    ({"language": "xx"}, "This language is not offered."),
    ({"visits.asked": "pigeon"}, "This choice is not offered."),
)


def test_a_wrong_choice_is_refused_and_changes_nothing(set_up: Any, prefer: Any, login: Any, world: Any) -> None:
    set_up()
    prefer("ann", mention="ann-1")
    for changes, told in WRONG:
        refused = prefer("ann", chat="", **{"mention": "ann-2", **changes})
        assert (refused.status_code, told in refused.text) == (422, True), changes
        assert f'value="{changes.get("mention", "ann-2")}"' in refused.text
    kept = login("ann", world.one).get(PREFERENCES).text
    assert 'value="ann-1"' in kept
    assert 'value="visits.asked" checked' in kept


def test_companies_have_channels_of_their_own(
    set_up: Any, tell: Any, robot: Any, login: Any, world: Any, messages: Any
) -> None:
    set_up()
    tell("ann", company=world.two)
    assert (robot.heard, messages()) == ([], [])
    other = login("root", world.two)
    assert other.get(f"{SCREEN}/show/1").status_code == 404
    assert "Group wecom" not in other.get(f"{SCREEN}/list/").text

    tell("ann")
    link = f"/notices/{world.one}/2"
    ann = login("ann", world.two)
    assert "belongs to One Homes" in ann.get(link).text
    assert ann.post(link).headers["Location"] == link
    assert ann.get(link).headers["Location"] == "/visits/visit/show/2"
    assert login("rob", world.one).get(link).status_code == 404


def test_whoever_left_is_sent_nothing(
    set_up: Any, tell: Any, robot: Any, world: Any, run_in: Any, messages: Any, tick: Any
) -> None:
    from flask_appbuilder.security.sqla.models import User

    from app.database.session import session

    set_up()
    robot.answers(500, {})
    tell("ann")
    run_in(world.one, lambda: setattr(session.get_one(User, world.users["ann"]), "active", False))
    robot.receiver.bodies.clear()
    tick(dt.timedelta(minutes=2))
    assert robot.heard == []
    assert messages() == [("wecom", "failed", "The receiver does not work here any more.")]
