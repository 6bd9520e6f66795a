"""The robots of groups: the web-hook, the signature and the answers that each service documents.

Written here on the one careful caller of the internet (app.online.http) because Apprise 2.3 takes an answer 200 with an
error code for a success (WeCom, DingTalk), signs nothing for Feishu, calls nobody in WeCom and limits no answer.
"""

import base64
import hashlib
import hmac
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import quote_plus

from app.i18n import _, message_key
from app.notices.models import ChatService
from app.notices.readers import is_mobile
from app.online.feature import OnlineFailed, OnlineRefused
from app.online.http import post

log = logging.getLogger(__name__)
TIMEOUT = 10  # Seconds.
_LONGEST_WORDS = 1_200  # Bytes of UTF-8: WeCom takes 2048 for everything.


@dataclass(frozen=True)
class ChatRequest:
    """One message and the access to its robot: read beforehand, no database is at hand. No log shows what is secret."""

    service: ChatService
    web_hook: str = field(repr=False)
    signing_key: str = field(repr=False)
    opening: str  # "[One Homes] Wang Fang"
    words: str
    link: str
    mention: str = field(repr=False)

    @property
    def text(self) -> str:
        """What the group reads; long words are cut, the link never."""
        words = _cut(self.words, _LONGEST_WORDS)
        return "\n".join(part for part in (f"{self.opening}: {words}", self.link) if part)


class Call(NamedTuple):
    """What is posted, and where."""

    address: str
    body: dict[str, Any]


def to_wecom(request: ChatRequest, seconds: int) -> Call:
    """Return what a WeCom robot takes; its web-hook is its only secret."""
    text: dict[str, Any] = {"content": request.text}
    if request.mention:
        by = "mentioned_mobile_list" if is_mobile(request.mention) else "mentioned_list"
        text[by] = [request.mention]
    return Call(request.web_hook, {"msgtype": "text", "text": text})


def to_dingtalk(request: ChatRequest, seconds: int) -> Call:
    """Return what a DingTalk robot takes: the address is signed with the moment in milliseconds."""
    address = request.web_hook
    if request.signing_key:
        moment = f"{seconds}000"
        digest = _hmac(request.signing_key, f"{moment}\n{request.signing_key}")
        address = f"{address}&timestamp={moment}&sign={quote_plus(digest)}"
    by = "atMobiles" if is_mobile(request.mention) else "atUserIds"
    called = {by: [request.mention]} if request.mention else {}
    return Call(address, {"msgtype": "text", "text": {"content": request.text}, "at": {**called, "isAtAll": False}})


def to_feishu(request: ChatRequest, seconds: int) -> Call:
    """Return what a Feishu robot takes: moment (seconds) and signature stand in the body.

    Its text may hold tags, even one that calls everybody: what users typed must not make one.
    """
    text = request.text.replace("<", "＜")
    if request.mention:
        text = f'<at user_id="{request.mention}"></at> {text}'
    body: dict[str, Any] = {"msg_type": "text", "content": {"text": text}}
    if request.signing_key:
        sign = _hmac(f"{seconds}\n{request.signing_key}", "")
        body = {"timestamp": str(seconds), "sign": sign, **body}
    return Call(request.web_hook, body)


@dataclass(frozen=True)
class Robot:
    """One service: its own servers and path, how a message is put, and what its answers mean.

    `secret` names the query argument that holds the key of the web-hook; blank: the path ends with it.
    """

    hosts: tuple[str, ...]
    path: str
    secret: str
    put: Callable[[ChatRequest, int], Call]
    code: str
    signs: bool
    busy: frozenset[int]
    unknown: frozenset[int]
    unsafe: frozenset[int]


ROBOTS = {
    ChatService.WECOM: Robot(
        ("qyapi.weixin.qq.com",), "/cgi-bin/webhook/send", "key", to_wecom, "errcode", signs=False,
        busy=frozenset({-1, 45009}), unknown=frozenset({93000, 93008}), unsafe=frozenset(),
    ),
    ChatService.DINGTALK: Robot(
        ("oapi.dingtalk.com",), "/robot/send", "access_token", to_dingtalk, "errcode", signs=True,
        busy=frozenset({-1, 90018, 90030, 130101, 410100}), unknown=frozenset({300001, 300005}),
        unsafe=frozenset({310000}),
    ),
    ChatService.FEISHU: Robot(
        ("open.feishu.cn", "open.larksuite.com"), "/open-apis/bot/v2/hook/", "", to_feishu, "code", signs=True,
        busy=frozenset({9499, 11232}), unknown=frozenset({19001}), unsafe=frozenset({19021, 19022, 19024}),
    ),
}  # fmt: skip


def deliver(request: ChatRequest, seconds: int) -> None:
    """Hand a message to its robot; `seconds` is now, since 1970, for the signature.

    Raises OnlineFailed to be asked again later, OnlineRefused for good. A status 200 alone is no success: the code in
    the answer has to say so.
    """
    robot = ROBOTS[request.service]
    address, body = robot.put(request, seconds)
    headers = {"Content-Type": "application/json; charset=utf-8"}
    answer = post(address, json.dumps(body, ensure_ascii=False).encode(), headers, timeout=TIMEOUT)
    _check(robot, request.service, answer)


def _check(robot: Robot, service: ChatService, answer: str) -> None:
    code = _code(robot, answer)
    if code == 0:
        return
    log.warning("%s answered with the code %s", service.value, code)
    if code is None:
        raise OnlineFailed(message_key(_("The answer is not that of the service.")))
    if code in robot.busy:
        raise OnlineFailed(message_key(_("The service is busy, or takes no more messages this minute.")))
    if code in robot.unknown:
        raise OnlineRefused(message_key(_("The service does not know this web-hook.")))
    if code in robot.unsafe:
        raise OnlineRefused(
            message_key(_("The robot's security settings refuse it: look at its signing key, key words and addresses."))
        )
    raise OnlineRefused(message_key(_("The service refused the message.")))


def _code(robot: Robot, answer: str) -> int | None:
    try:
        found = json.loads(answer)
    except ValueError:
        return None
    code = found.get(robot.code) if isinstance(found, dict) else None
    return code if isinstance(code, int) else None


def _hmac(key: str, text: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()


def _cut(words: str, most: int) -> str:
    encoded = words.encode()
    return words if len(encoded) <= most else f"{encoded[: most - 3].decode(errors='ignore')}…"
