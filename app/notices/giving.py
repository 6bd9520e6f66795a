"""Giving a notice."""

import datetime as dt
from collections.abc import Collection, Mapping
from enum import Enum
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.companies.models import Membership
from app.database.base import CompanyModel
from app.database.context import active_company
from app.database.session import on_commit, session
from app.errors import ConfigurationError
from app.i18n import LazyString, humanize, message_key
from app.jobs.dispatch import dispatch
from app.jobs.payload import encode
from app.notices.chat import chat_carrier
from app.notices.kinds import NoticeKind, notice_kinds
from app.notices.letters import is_mail_on
from app.notices.mail import MAIL_TASK
from app.notices.models import Channel, Notice, NoticePreference
from app.security.scope import resource_of


class _Wish(NamedTuple):
    """Where one user wants to be told of something."""

    user_id: int
    shows: bool
    mails: bool
    chats: bool


def notify(
    user_ids: Collection[int],
    *,
    kind: NoticeKind,
    text: LazyString,
    now: dt.datetime,
    about: CompanyModel | None = None,
    values: Mapping[str, Any] | None = None,
    share_title: bool = False,
) -> list[Notice]:
    """Tell these users of the active company; whoever works here no longer, or wants none of this kind, is left out.

    `text` may name `%(record)s`, the title of `about`, which each reader is told only if he may see the record, or if
    `share_title` says so; and `values`, which must tell nobody more than he may know. E-mail and chat leave after the
    commit.
    Raises ConfigurationError for a kind that is not registered.
    """
    if notice_kinds().get(kind.name) != kind:
        raise ConfigurationError(f"notice kind {kind.name}: not registered")
    told = {name: _stored(value) for name, value in (values or {}).items()}
    resource, record_id = (resource_of(type(about)), about.id) if about is not None else (None, None)
    wishes = _wishes(user_ids, kind)
    notices = [
        Notice(
            user_id=wish.user_id,
            kind=kind.name,
            text=message_key(text),
            values=told,
            resource=resource,
            record_id=record_id,
            shares_title=share_title,
            in_app=wish.shows,
            at=now,
            mail_due_at=now if wish.mails else None,
        )
        for wish in wishes
    ]
    session.add_all(notices)
    session.flush()
    company_id = active_company()
    for notice_id in [notice.id for notice in notices if notice.mail_due_at is not None]:
        on_commit(lambda key=notice_id: dispatch(MAIL_TASK, company_id=company_id, notice_id=key))  # type: ignore[misc]  # Bound at once.
    chatted = [notice for notice, wish in zip(notices, wishes, strict=True) if wish.chats]
    if chatted and (carrier := chat_carrier()) is not None:
        carrier.carry(chatted, now)
    return notices


def _wishes(user_ids: Collection[int], kind: NoticeKind) -> list[_Wish]:
    """Return where the present members among these users want it, as far as this company can; without who does not."""
    mail, chat = is_mail_on(), chat_carrier() is not None
    wishes = [
        _Wish(user_id, channel.shows, mail and channel.mails, chat and chats)
        for user_id, channel, chats in _preferences(user_ids, kind)
    ]
    return [wish for wish in wishes if wish.shows or wish.mails or wish.chats]


def _preferences(user_ids: Collection[int], kind: NoticeKind) -> list[tuple[int, Channel, bool]]:
    """Return the present members among these users with channel and chat as each wants it, in one statement."""
    here = sa.select(Membership.user_id).where(Membership.company_id == active_company())
    chosen = sa.and_(NoticePreference.user_id == User.id, NoticePreference.kind == kind.name)
    statement = (
        sa.select(User.id, NoticePreference.channel, NoticePreference.chat)
        .outerjoin(NoticePreference, chosen)
        .where(User.id.in_(set(user_ids)), User.id.in_(here), User.active)
        .order_by(User.id)
    )
    return [
        (user_id, channel or kind.default, kind.chats if chats is None else chats)
        for user_id, channel, chats in session.execute(statement)
    ]


def _stored(value: Any) -> Any:
    """Return a value as JSON; a text or a member of a closed set is translated for each reader."""
    if isinstance(value, LazyString):
        return {"text": message_key(value)}
    return {"text": humanize(str(value.value))} if isinstance(value, Enum) else encode(value)
