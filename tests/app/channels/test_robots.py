"""What each robot is sent, to the letter; the signatures were made by openssl."""

import pytest

from app.channels.robots import ChatRequest, to_dingtalk, to_feishu, to_wecom
from app.notices.models import ChatService

MOMENT = 1_772_415_000
HOOK = "https://robot.test/hook?key=1"
TEXT = "[One Homes] 王芳: 有事等我审批\nhttps://office.test/notices/1/7"


def request(service: ChatService, **changes: str) -> ChatRequest:
    """Return a message to Wang Fang."""
    values = {
        "web_hook": HOOK,
        "signing_key": "SECkey",
        "opening": "[One Homes] 王芳",
        "words": "有事等我审批",
        "link": "https://office.test/notices/1/7",
        "mention": "",
        **changes,
    }
    return ChatRequest(service, **values)


@pytest.mark.parametrize(
    ("mention", "called"),
    [
        ("", {}),
        ("13812345678", {"mentioned_mobile_list": ["13812345678"]}),
        ("WangFang", {"mentioned_list": ["WangFang"]}),
    ],
)
def test_wecom(mention: str, called: dict[str, list[str]]) -> None:
    call = to_wecom(request(ChatService.WECOM, mention=mention), MOMENT)
    assert call == (HOOK, {"msgtype": "text", "text": {"content": TEXT, **called}})


@pytest.mark.parametrize(
    ("mention", "called"),
    [("", {}), ("13812345678", {"atMobiles": ["13812345678"]}), ("manager77", {"atUserIds": ["manager77"]})],
)
def test_dingtalk(mention: str, called: dict[str, list[str]]) -> None:
    call = to_dingtalk(request(ChatService.DINGTALK, mention=mention), MOMENT)
    assert call.address == f"{HOOK}&timestamp=1772415000000&sign=TE4eKclrtM4G1iy94XnDohdjDsjTZLj%2BiWiZwwpgTms%3D"
    assert call.body == {"msgtype": "text", "text": {"content": TEXT}, "at": {**called, "isAtAll": False}}
    assert to_dingtalk(request(ChatService.DINGTALK, signing_key=""), MOMENT).address == HOOK


def test_feishu() -> None:
    call = to_feishu(request(ChatService.FEISHU, mention="ou_7d8a"), MOMENT)
    assert call.address == HOOK
    assert call.body == {
        "timestamp": "1772415000",
        "sign": "LWavhn++GxJWot9ZzEZWjm/BsMMrgCV50Eu1md6zLjA=",
        "msg_type": "text",
        "content": {"text": f'<at user_id="ou_7d8a"></at> {TEXT}'},
    }


def test_nobody_calls_a_whole_feishu_group_by_what_he_types() -> None:
    said = to_feishu(request(ChatService.FEISHU, words='<at user_id="all">x</at>', signing_key=""), MOMENT).body
    assert said == {"msg_type": "text", "content": {"text": TEXT.replace("有事等我审批", '＜at user_id="all">x＜/at>')}}


def test_long_words_are_cut_between_characters_and_the_link_stays() -> None:
    text = request(ChatService.WECOM, words="审" * 500).text
    assert text == f"[One Homes] 王芳: {'审' * 399}…\nhttps://office.test/notices/1/7"


def test_no_log_shows_what_is_secret() -> None:
    shown = repr(request(ChatService.WECOM, mention="13812345678"))
    assert not any(secret in shown for secret in (HOOK, "SECkey", "13812345678"))
