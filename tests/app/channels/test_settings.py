"""How a company sets its channels up: who may, what is refused, and what is never shown."""

from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from app.audit.models import AuditEntry
from app.channels.models import ChatChannel, ChatContent
from app.channels.settings import create_channel
from app.errors import ValidationError
from app.notices.models import ChatService
from tests.app.channels.conftest import KEY, SCREEN

pytestmark = pytest.mark.by_turns


def kept(world: Any, run_in: Any) -> list[tuple[Any, ...]]:
    """Return the channels of company one."""
    from app.database.session import session

    def read() -> list[tuple[Any, ...]]:
        found = session.scalars(sa.select(ChatChannel).order_by(ChatChannel.id))
        return [(one.service.value, one.name, one.web_hook, one.signing_key, one.state.value) for one in found]

    return run_in(world.one, read)


def test_a_trial_message_calls_whoever_asks_and_says_what_came_of_it(
    root: Any, set_up: Any, robot: Any, prefer: Any
) -> None:
    set_up()
    prefer("root", mention="13812345678", language="en")
    answer = root.post(f"{SCREEN}/transition/try_out/1", follow_redirects=True)
    assert "Done: Send a trial message" in answer.text
    (said,) = robot.heard
    assert said["text"]["content"].startswith(
        "[One Homes] Root Test: This is a trial message of the channel “Group wecom”."
    )
    assert said["text"]["mentioned_mobile_list"] == ["13812345678"]

    robot.answers(200, {"errcode": 93000})
    root.post(f"{SCREEN}/transition/try_out/1")
    assert "The service does not know this web-hook." in root.get(f"{SCREEN}/show/1").text


@pytest.mark.rule("S:CORE-17")
def test_secrets_are_encrypted_and_shown_nowhere(root: Any, set_up: Any, robot: Any, world: Any, run_in: Any) -> None:
    from app.database.session import session

    set_up("dingtalk", new_signing_key="SECkey-of-the-robot")
    pages = [root.get(f"{SCREEN}/{page}").text for page in ("list/", "show/1", "edit/1")]
    assert "127.0.0.1" in pages[1]
    assert "····cdef" in pages[1]
    columns = sa.select(sa.type_coerce(ChatChannel.web_hook, sa.Text), sa.type_coerce(ChatChannel.signing_key, sa.Text))
    stored = run_in(world.one, lambda: tuple(session.execute(columns).one()))
    entries = sa.select(AuditEntry).where(AuditEntry.table_name == "channels_chat_channel")
    audited = run_in(world.one, lambda: [str(one.__dict__) for one in session.scalars(entries)])
    assert len(audited) == 1
    assert not any(secret in text for secret in (KEY, "SECkey") for text in (*pages, *stored, *audited))

    changed = {"name": "Sales", "new_web_hook": "", "new_signing_key": "", "content": "kind_and_link", "version": "1"}
    assert root.post(f"{SCREEN}/edit/1", data=changed).status_code == 302
    assert kept(world, run_in) == [("dingtalk", "Sales", robot.hook("dingtalk"), "SECkey-of-the-robot", "on")]


WECOM = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send"
DINGTALK = "https://oapi.dingtalk.com/robot/send"
FEISHU = "https://open.feishu.cn/open-apis/bot/v2/hook/"
KIND = ChatContent.KIND_AND_LINK
WRONG = (
    ("wecom", {"name": " "}, "name", "Name the group."),
    ("wecom", {"name": "x" * 61}, "name", "At most 60 characters; this has 61."),
    ("wecom", {"web_hook": ""}, "new_web_hook", "An address such as https://"),
    ("wecom", {"web_hook": "https://evil.test/cgi-bin/webhook/send?key=1"}, "new_web_hook", f"{WECOM}?key="),
    ("wecom", {"web_hook": "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1"}, "new_web_hook", f"{WECOM}?key="),
    ("wecom", {"web_hook": "https://qyapi.weixin.qq.com:8443/cgi-bin/webhook/send?key=1"}, "new_web_hook", WECOM),
    ("wecom", {"web_hook": WECOM}, "new_web_hook", f"{WECOM}?key="),
    ("dingtalk", {"web_hook": f"{DINGTALK}?access_token=1&to=2"}, "new_web_hook", f"{DINGTALK}?access_token="),
    ("feishu", {"web_hook": FEISHU}, "new_web_hook", FEISHU),
    ("feishu", {"web_hook": f"{FEISHU}a/b"}, "new_web_hook", FEISHU),
    ("wecom", {"signing_key": "k"}, "new_signing_key", "WeCom robots have no signing key."),
    ("dingtalk", {"web_hook": f"{DINGTALK}?access_token=1", "signing_key": "a b"}, "new_signing_key", "At most 200"),
)


def test_a_wrong_channel_is_refused(world: Any, run_in: Any) -> None:
    for service, changes, field, told in WRONG:
        values = {"name": "Sales", "web_hook": f"{WECOM}?key=1", "signing_key": None, "content": KIND, **changes}
        with pytest.raises(ValidationError) as refusal:
            run_in(world.one, partial(create_channel, service=ChatService(service), **values))
        assert (refusal.value.field, told in str(refusal.value)) == (field, True), (changes, str(refusal.value))
    assert kept(world, run_in) == []


def test_a_refused_form_keeps_what_was_typed(set_up: Any, world: Any, run_in: Any) -> None:
    refused = set_up(new_web_hook="https://evil.test/send", name="Sales team")
    assert refused.status_code == 422
    assert "The web-hook as the service shows it: https://qyapi.weixin.qq.com" in refused.text
    assert 'value="https://evil.test/send"' in refused.text
    assert 'value="Sales team"' in refused.text
    assert kept(world, run_in) == []


def test_one_channel_of_a_service_is_used_or_none(
    root: Any, set_up: Any, tell: Any, robot: Any, world: Any, run_in: Any, messages: Any
) -> None:
    def states() -> list[str]:
        return [one[-1] for one in kept(world, run_in)]

    set_up()
    set_up("feishu")
    set_up(name="Second")
    assert states() == ["off", "on", "on"]
    assert root.post(f"{SCREEN}/transition/switch_on/1").status_code == 302
    assert states() == ["on", "on", "off"]
    for number in (1, 2):
        assert root.post(f"{SCREEN}/transition/switch_off/{number}").status_code == 302
    tell("ann")
    assert (robot.heard, messages()) == ([], [])
    assert root.post(f"{SCREEN}/transition/try_out/1").status_code == 422
    assert robot.heard == []


def test_only_administrators_set_channels_up(login: Any, set_up: Any, robot: Any, world: Any, run_in: Any) -> None:
    set_up()
    ann = login("ann", world.one)
    before = kept(world, run_in)
    for page in ("list/", "show/1", "edit/1", "add"):
        assert ann.get(f"{SCREEN}/{page}").status_code in (302, 403)
    for page in ("transition/try_out/1", "delete/1", "edit/1"):
        assert ann.post(f"{SCREEN}/{page}", data={"name": "x"}).status_code in (302, 403)
    assert kept(world, run_in) == before
    assert robot.heard == []
