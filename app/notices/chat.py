"""Notices by chat: who carries them there is set up by a room above, which needs the internet for it."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Flask, current_app

from app.notices.models import Notice

_CHAT = "notice_chat"


@dataclass(frozen=True)
class ChatCarrier:
    """`is_on` tells whether the active company chats; `carry(notices, now)` owes it, in the caller's transaction."""

    is_on: Callable[[], bool]
    carry: Callable[[Sequence[Notice], dt.datetime], None]


def set_chat_carrier(app: Flask, carrier: ChatCarrier) -> None:
    """Have notices carried to chats by this one."""
    app.extensions[_CHAT] = carrier


def chat_carrier() -> ChatCarrier | None:
    """Return who carries notices to chats; None where the active company does not chat."""
    carrier: ChatCarrier | None = current_app.extensions.get(_CHAT)
    return carrier if carrier is not None and carrier.is_on() else None
