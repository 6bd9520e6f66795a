"""How a company sets its channels up."""

import datetime as dt
from typing import Any
from urllib.parse import parse_qs, urlsplit

import sqlalchemy as sa
from flask import current_app
from flask_appbuilder.security.sqla.models import User

from app.channels.models import LONGEST_NAME, TRIAL, ChannelState, ChatChannel, ChatContent
from app.channels.robots import ROBOTS, Robot
from app.channels.sending import send
from app.database.session import session
from app.errors import ValidationError
from app.i18n import _, message_key
from app.notices.models import ChatService, Notice
from app.online.http import check_address

LONGEST_KEY = 200


def create_channel(
    *, service: ChatService, name: str | None, web_hook: str | None, signing_key: str | None, content: ChatContent
) -> ChatChannel:
    """Set up the robot of a group and use it. Raises ValidationError naming the field that is wrong (R1, R4)."""
    made = ChatChannel(
        service=service,
        name=_name(name),
        web_hook=_web_hook(web_hook, service),
        signing_key=_signing_key(signing_key, service),
        content=content,
    )
    session.add(made)
    session.flush()
    use_channel(made)
    return made


def use_channel(channel: ChatChannel) -> None:
    """Use this channel of its service, and none beside it."""
    others = sa.update(ChatChannel).where(ChatChannel.service == channel.service, ChatChannel.id != channel.id)
    session.execute(others.where(ChatChannel.state == ChannelState.ON).values(state=ChannelState.OFF))


def change_channel(channel: ChatChannel, **values: Any) -> None:
    """Change a channel; only what is given changes, and a blank web-hook or key stays what it is."""
    if "name" in values:
        channel.name = _name(values["name"])
    if values.get("web_hook"):
        channel.web_hook = _web_hook(values["web_hook"], channel.service)
    if values.get("signing_key"):
        channel.signing_key = _signing_key(values["signing_key"], channel.service)
    if "content" in values:
        channel.content = values["content"]
    session.flush()


def try_channel(channel: ChatChannel, *, actor: User, now: dt.datetime) -> None:
    """Send a trial message that calls the actor; what became of it stands among the channel's messages."""
    text = _("This is a trial message of the channel “%(name)s”.")
    trial = Notice(
        user_id=actor.id,
        kind=TRIAL,
        text=message_key(text),
        values={"name": channel.name},
        resource="channels.ChatChannel",
        record_id=channel.id,
        in_app=False,
        at=now,
    )
    session.add(trial)
    session.flush()
    send(channel.service, [trial], now)


def _name(text: str | None) -> str:
    name = " ".join((text or "").split())
    if not name:
        raise ValidationError("channel.name", _("Name the group."), field="name")
    if len(name) > LONGEST_NAME:
        raise ValidationError(
            "text.too_long",
            _("At most %(limit)s characters; this has %(length)s."),
            field="name",
            limit=LONGEST_NAME,
            length=len(name),
        )
    return name


def _web_hook(text: str | None, service: ChatService) -> str:
    """Return the web-hook of a robot: of the service's own servers, over https, with its key and nothing else."""
    robot = ROBOTS[service]
    address = check_address(text or "", field="new_web_hook")
    parts = urlsplit(address)
    trusted = parts.hostname in current_app.config["ONLINE_HOSTS"]
    own = parts.scheme == "https" and parts.netloc in robot.hosts
    if not (own or trusted) or parts.fragment or not _has_key(robot, parts.path, parts.query):
        raise ValidationError(
            "channel.web_hook",
            _("The web-hook as the service shows it: %(limit)s…"),
            field="new_web_hook",
            limit=_example(robot),
        )
    return address


def _has_key(robot: Robot, path: str, query: str) -> bool:
    if not robot.secret:
        key = path.removeprefix(robot.path)
        return path.startswith(robot.path) and bool(key) and "/" not in key and not query
    arguments = parse_qs(query)
    return path == robot.path and list(arguments) == [robot.secret] and len(arguments[robot.secret]) == 1


def _example(robot: Robot) -> str:
    return f"https://{robot.hosts[0]}{robot.path}{f'?{robot.secret}=' if robot.secret else ''}"


def _signing_key(text: str | None, service: ChatService) -> str | None:
    key = (text or "").strip()
    if key and not ROBOTS[service].signs:
        raise ValidationError("channel.unsigned", _("WeCom robots have no signing key."), field="new_signing_key")
    if len(key) > LONGEST_KEY or any(not each.isprintable() or each.isspace() for each in key):
        raise ValidationError(
            "channel.signing_key",
            _("At most %(limit)s characters, without spaces."),
            field="new_signing_key",
            limit=LONGEST_KEY,
        )
    return key or None
