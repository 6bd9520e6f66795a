"""Which notices a user wants, and where."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.database.session import session
from app.errors import ValidationError
from app.i18n import _
from app.notices.kinds import NoticeKind, notice_kinds
from app.notices.models import Channel, NoticePreference
from app.security.gate import is_open


class Preference(NamedTuple):
    """Where a user is told of one kind: chosen, or as the kind has it."""

    kind: NoticeKind
    channel: Channel
    chats: bool


def list_preferences(actor: User) -> list[Preference]:
    """Return the kinds of the add-ons that this company has on, with the actor's channels for each."""
    chosen = {one.kind: one for one in _chosen(actor)}
    kinds = sorted(notice_kinds().values(), key=lambda kind: kind.name)
    return [_preference(kind, chosen.get(kind.name)) for kind in kinds if is_open(kind.name)]


def set_preferences(channels: Mapping[str, str], *, actor: User, chatted: Collection[str] | None = None) -> None:
    """Choose the channels of some kinds, and which of them come by chat; None leaves that as it is.

    Raises ValidationError for a kind or a channel that does not exist.
    """
    before = {one.kind: one for one in _chosen(actor)}
    for name, channel in channels.items():
        if name not in notice_kinds() or channel not in set(Channel):
            raise ValidationError("notices.preference", _("This choice is not offered."), field=name[:60])
        preference = before.get(name) or NoticePreference(user_id=actor.id, kind=name)
        preference.channel = Channel(channel)
        if chatted is not None:
            preference.chat = name in chatted
        session.add(preference)
    session.flush()


def _preference(kind: NoticeKind, chosen: NoticePreference | None) -> Preference:
    if chosen is None:
        return Preference(kind, kind.default, kind.chats)
    return Preference(kind, chosen.channel, kind.chats if chosen.chat is None else chosen.chat)


def _chosen(actor: User) -> list[NoticePreference]:
    return list(session.scalars(sa.select(NoticePreference).where(NoticePreference.user_id == actor.id)))
