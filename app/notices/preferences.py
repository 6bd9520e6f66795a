"""Which notices a user wants, and where."""

from collections.abc import Mapping

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.database.session import session
from app.errors import ValidationError
from app.i18n import _
from app.notices.kinds import NoticeKind, notice_kinds
from app.notices.models import Channel, NoticePreference
from app.security.gate import is_open


def list_preferences(actor: User) -> list[tuple[NoticeKind, Channel]]:
    """Return the kinds of the add-ons that this company has on, with the actor's channel for each."""
    chosen = {one.kind: one.channel for one in _chosen(actor)}
    kinds = sorted(notice_kinds().values(), key=lambda kind: kind.name)
    return [(kind, chosen.get(kind.name, kind.default)) for kind in kinds if is_open(kind.name)]


def set_preferences(channels: Mapping[str, str], *, actor: User) -> None:
    """Choose the channels of some kinds. Raises ValidationError for a kind or a channel that does not exist."""
    before = {one.kind: one for one in _chosen(actor)}
    for name, channel in channels.items():
        if name not in notice_kinds() or channel not in set(Channel):
            raise ValidationError("notices.preference", _("This choice is not offered."), field=name[:60])
        if name in before:
            before[name].channel = Channel(channel)
        else:
            session.add(NoticePreference(user_id=actor.id, kind=name, channel=Channel(channel)))
    session.flush()


def _chosen(actor: User) -> list[NoticePreference]:
    return list(session.scalars(sa.select(NoticePreference).where(NoticePreference.user_id == actor.id)))
