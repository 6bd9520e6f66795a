"""What notices can be about: kinds that the platform and add-ons declare, and that users choose a channel for."""

from dataclasses import dataclass

from flask import Flask, current_app

from app.errors import ConfigurationError, Text
from app.notices.models import Channel

_KINDS = "notice_kinds"


@dataclass(frozen=True)
class NoticeKind:
    """A kind of notice: '<addon>.<what>', what users call it, and the channel of whoever has not chosen.

    `chats` is whether it comes by chat as well, where the company does: for what somebody should act on at once.
    """

    name: str
    label: Text
    icon: str = "bell"
    default: Channel = Channel.BOTH
    chats: bool = False


def install_kinds(app: Flask) -> None:
    """Give the app its registry."""
    app.extensions[_KINDS] = {}


def register_notice_kinds(app: Flask, *kinds: NoticeKind) -> None:
    """Let `notify` use these kinds. Raises ConfigurationError for a name used twice."""
    known = app.extensions[_KINDS]
    for kind in kinds:
        if kind.name in known:
            raise ConfigurationError(f"notice kind {kind.name}: registered twice")
        known[kind.name] = kind


def notice_kinds() -> dict[str, NoticeKind]:
    """Return all kinds of this app by name."""
    found: dict[str, NoticeKind] = current_app.extensions[_KINDS]
    return found
