"""Channels: the robots of groups in WeCom, DingTalk and Feishu, and what was sent through them."""

import datetime as dt
import sys
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.addon_loader.contributions import AddonSetup
from app.channels import sending, settings
from app.channels.models import LONGEST_NAME, ChannelState, ChatChannel, ChatContent, ChatMessage, MessageState
from app.crud.fields import ChoiceField, TextField
from app.crud.slots import Section, Tab
from app.crud.view import CrudView
from app.database.session import session
from app.errors import Text
from app.i18n import _
from app.notices.models import ChatService
from app.online.http import LONGEST_ADDRESS
from app.security.scope import visible
from app.workflow.definition import Workflow
from app.workflow.todo import MOST_TODOS, Todo, TodoList
from app.workflow.transition import Transition

MESSAGE = "channels.ChatMessage"
_SHOWN = 20
CHANNELS = Workflow(
    ChatChannel,
    Transition("try_out", ChannelState.ON, None, _("Send a trial message"), icon="send", tone="primary"),
    Transition("switch_off", ChannelState.ON, ChannelState.OFF, _("Switch off"), icon="circle-pause"),
    Transition("switch_on", ChannelState.OFF, ChannelState.ON, _("Switch on"), icon="play", tone="primary"),
    main_path=(ChannelState.OFF, ChannelState.ON),
)
MESSAGES = Workflow(
    ChatMessage,
    Transition("send_again", MessageState.FAILED, None, _("Send again"), icon="refresh-cw", tone="primary"),
    main_path=(MessageState.QUEUED, MessageState.SENT),
)


@CHANNELS.transition("try_out")
def try_out(channel: ChatChannel, *, actor: User, now: dt.datetime) -> None:
    """Send a trial message; what became of it stands below."""
    settings.try_channel(channel, actor=actor, now=now)


@CHANNELS.transition("switch_off")
def switch_off(channel: ChatChannel, *, actor: User) -> None:
    """Use it no longer: what waits for it waits on."""


@CHANNELS.transition("switch_on")
def switch_on(channel: ChatChannel, *, actor: User) -> None:
    """Use it again, and no other one of its service."""
    settings.use_channel(channel)


@MESSAGES.transition("send_again")
def send_again(message: ChatMessage, *, actor: User, now: dt.datetime) -> None:
    """Try once more what was given up."""
    sending.send_again(message, now=now)


def _services() -> Sequence[tuple[str, Text]]:
    """Return the services and what people call them."""
    return [(one.value, one.label) for one in ChatService]


class ChatChannelView(CrudView):
    """How the company's people are told by chat. Web-hook and key are typed, and never shown again."""

    model = ChatChannel
    title = _("Channels")
    workflow = CHANNELS
    list_columns = ("name", "service", "shown_hook", "has_signing_key", "content", "state")
    form_columns = ("service", "name", "new_web_hook", "new_signing_key", "content")
    edit_columns = ("name", "new_web_hook", "new_signing_key", "content")
    show_only = ("shown_hook", "has_signing_key", "links_to")
    search_columns = ("name", "service", "state")
    copies = False
    fields = {
        "service": ChoiceField(_("Service"), choices=_services, required=True),
        "name": TextField(_("Group chat"), maximum=LONGEST_NAME, required=True, hint=_("Who reads it: Sales team")),
        "new_web_hook": TextField(
            _("Web-hook"),
            maximum=LONGEST_ADDRESS,
            hint=_("As the group's robot shows it. It is never shown again; blank: the one that is kept stays."),
        ),
        "new_signing_key": TextField(
            _("Signing key"),
            maximum=settings.LONGEST_KEY,
            hint=_("DingTalk and Feishu: the robot's security setting “sign”. Blank: the one that is kept stays."),
        ),
    }
    labels = {
        "name": _("Group chat"),
        "service": _("Service"),
        "shown_hook": _("Web-hook"),
        "has_signing_key": _("Signing key is kept"),
        "content": _("The group reads"),
        "links_to": _("Links begin with (PUBLIC_URL)"),
    }

    @staticmethod
    def create_with(
        *,
        actor: User,
        service: str,
        name: str,
        new_web_hook: str | None,
        new_signing_key: str | None,
        content: ChatContent,
    ) -> ChatChannel:
        """Set a channel up."""
        return settings.create_channel(
            service=ChatService(service), name=name, web_hook=new_web_hook, signing_key=new_signing_key, content=content
        )

    @staticmethod
    def update_with(record: ChatChannel, *, actor: User, **values: Any) -> None:
        """Change a channel."""
        settings.change_channel(record, **{name.removeprefix("new_"): value for name, value in values.items()})


class ChatMessageView(CrudView):
    """The log of what was sent, with a button for what was given up."""

    model = ChatMessage
    title = _("Messages of channels")
    verbs = ("list", "show")
    workflow = MESSAGES
    list_columns = ("queued_at", "service", "receiver", "kind", "sent_at", "failure", "state")
    show_only = ("service", "receiver", "kind", "queued_at", "sent_at", "failure", "state")
    search_columns = ("queued_at", "service", "receiver_id", "state")
    order = ("id", "desc")
    labels = {
        "queued_at": _("Asked for at"),
        "service": _("Service"),
        **dict.fromkeys(("receiver", "receiver_id"), _("Receiver")),
        "kind": _("What it is about"),
        "sent_at": _("Sent at"),
        "failure": _("Not sent because"),
        "state": _("State"),
    }


def latest_messages(channel_id: int) -> Sequence[ChatMessage]:
    """Return the latest messages of a channel that is in use, newest first."""
    return session.scalars(_of(channel_id, sa.select(ChatMessage)).order_by(ChatMessage.id.desc()).limit(_SHOWN)).all()


def count_messages(channel_id: int) -> Any:
    """Return how many messages `latest_messages` returns, as a scalar subquery."""
    latest = _of(channel_id, sa.select(ChatMessage.id)).limit(_SHOWN).subquery()
    return sa.select(sa.func.count()).select_from(latest).scalar_subquery()


def latest_result(channel_id: int) -> Sequence[tuple[Text, Any]]:
    """Return what became of the latest message of a channel."""
    latest = next(iter(latest_messages(channel_id)), None)
    if latest is None:
        return ()
    labels = ChatMessageView.labels
    found = [(labels["queued_at"], latest.queued_at), (labels["kind"], latest.kind), (labels["state"], latest.state)]
    return [*found, (labels["failure"], latest.failure)] if latest.failure else found


def _of(channel_id: int, statement: sa.Select[Any]) -> sa.Select[Any]:
    service = (
        sa.select(ChatChannel.service)
        .where(ChatChannel.id == channel_id, ChatChannel.state == ChannelState.ON)
        .scalar_subquery()
    )
    return statement.where(ChatMessage.service == service)


def _given_up(actor: User, _now: dt.datetime) -> Sequence[Todo]:
    """Return the messages that were given up and that the actor may send again."""
    reached = visible(ChatMessage, actor, verb="send_again")
    failed = sa.select(ChatMessage).where(ChatMessage.state == MessageState.FAILED)
    failed = failed if reached is None else failed.where(reached)
    return [
        Todo(title=str(one), resource=MESSAGE, record_id=one.id, note=one.failure)
        for one in session.scalars(failed.order_by(ChatMessage.id.desc()).limit(MOST_TODOS))
    ]  # fmt: skip


LOG = Tab(
    "messages",
    _("Latest messages"),
    ("queued_at", "receiver", "kind", "state", "failure"),
    rows=latest_messages,
    count=count_messages,
    labels=ChatMessageView.labels,
    view="channels.ChatMessageView",
    resource=MESSAGE,
)


def setup(addon: AddonSetup) -> None:
    """Record the screens."""
    addon.add_models(ChatChannel, ChatMessage)
    addon.add_workflow(CHANNELS, sys.modules[__name__])
    addon.add_workflow(MESSAGES, sys.modules[__name__])
    addon.add_view(ChatChannelView, menu="Organisation/Channels", icon="send")
    addon.add_view(ChatMessageView, menu="Organisation/Messages of channels", icon="messages-square")
    latest = Section("latest", _("Latest message"), latest_result, resource=MESSAGE)
    for slot in (latest, LOG):
        addon.extend_view("channels.ChatChannelView", slot)
    addon.add_todo_list(
        TodoList("channels.given_up", _("Messages that could not be sent"), "triangle-alert", MESSAGE, _given_up)
    )
