"""Messages: owed with the notice, sent after commit by the functions that need the internet, tried again by hand."""

import datetime as dt
import time
from collections import defaultdict
from collections.abc import Sequence
from functools import partial

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User
from flask_babel import force_locale, gettext

from app.channels.models import ChannelState, ChatChannel, ChatContent, ChatMessage, MessageState
from app.channels.robots import ChatRequest, deliver
from app.companies.memberships import is_member
from app.companies.models import Company
from app.database.columns import utc_now
from app.database.session import session
from app.i18n import _, message_key
from app.notices.chat import ChatCarrier
from app.notices.models import ChatService, Notice
from app.notices.readers import language_of, link_to, reader_of, readers_of
from app.notices.reading import tell
from app.online import OnlineFeature, ask_online_for_all


def list_channels() -> Sequence[ChatChannel]:
    """Return the channels that the active company uses, the one for whoever has not chosen first."""
    on = sa.select(ChatChannel).where(ChatChannel.state == ChannelState.ON)
    return session.scalars(on.order_by(ChatChannel.id)).all()


def channel_of(service: ChatService) -> ChatChannel | None:
    """Return the channel of a service; None where the active company does not use it."""
    return next((one for one in list_channels() if one.service is service), None)


def carry(notices: Sequence[Notice], now: dt.datetime) -> None:
    """Owe each notice to the chat that its reader chose, or to the company's first where that one is not used."""
    services = [one.service for one in list_channels()]
    chosen = readers_of({notice.user_id for notice in notices})
    by_service: dict[ChatService, list[Notice]] = defaultdict(list)
    for notice in notices:
        reader = chosen.get(notice.user_id)
        own = reader.service if reader is not None else None
        by_service[own if own is not None and own in services else services[0]].append(notice)
    for service, some in by_service.items():
        send(service, some, now)


def send(service: ChatService, notices: Sequence[Notice], now: dt.datetime) -> None:
    """Owe notices to one service; they leave after commit, or wait for the internet (S:CORE-20)."""
    messages = [
        ChatMessage(notice_id=one.id, receiver_id=one.user_id, service=service, queued_at=now) for one in notices
    ]
    session.add_all(messages)
    session.flush()
    ask_online_for_all(service.value, [one.id for one in messages], actor=None, now=now)


def send_again(message: ChatMessage, *, now: dt.datetime) -> None:
    """Try a message once more that was given up."""
    message.state, message.failed_because, message.queued_at = MessageState.QUEUED, None, now
    session.flush()
    ask_online_for_all(message.service.value, [message.id], actor=None, now=now)


def _prepare(message_id: int) -> ChatRequest | None:
    """Return what to send; None for a message that is gone, and for whoever works here no longer."""
    message = session.get(ChatMessage, message_id)
    channel = channel_of(message.service) if message is not None else None
    if message is None or channel is None:
        return None
    if not message.receiver.active or not is_member(message.receiver_id, message.company_id):
        _note(message, message_key(_("The receiver does not work here any more.")))
        return None
    chosen = reader_of(message.receiver_id)
    company = session.get_one(Company, message.company_id)
    return ChatRequest(
        service=message.service,
        web_hook=channel.web_hook,
        signing_key=channel.signing_key or "",
        opening=f"[{company.name}] {message.receiver.get_full_name().strip()}",
        words=_words(message, channel.content, message.receiver),
        link=link_to(message.notice),
        mention=chosen.mention or "" if chosen is not None and chosen.service in (None, message.service) else "",
    )


def _words(message: ChatMessage, content: ChatContent, reader: User) -> str:
    """Return what is told, in the reader's language; only its kind where the group must not know more."""
    with force_locale(language_of(reader.id)):
        if content is ChatContent.WHOLE_TEXT:
            (told,) = tell([message.notice], reader=reader)
            return told.text
        words: str = gettext("something new for you – %(kind)s", kind=gettext(str(message.kind)))
        return words


def _call(request: ChatRequest) -> None:
    deliver(request, int(time.time()))


def _finish(message_id: int, _answer: None, error: str) -> None:
    message = session.get(ChatMessage, message_id)
    if message is not None:
        _note(message, error)


def _note(message: ChatMessage, error: str) -> None:
    message.state = MessageState.FAILED if error else MessageState.SENT
    message.failed_because, message.sent_at = (error[:300], None) if error else (None, utc_now())


def _is_ready(service: ChatService) -> bool:
    return channel_of(service) is not None


FEATURES = tuple(
    OnlineFeature(
        service.value,
        service.label,
        _("The web-hook of a group's robot, set up under Organisation / Channels"),
        prepare=_prepare,
        call=_call,
        finish=_finish,
        is_ready=partial(_is_ready, service),
        tells_asker=False,
    )
    for service in ChatService
)
CARRIER = ChatCarrier(lambda: bool(list_channels()), carry)
