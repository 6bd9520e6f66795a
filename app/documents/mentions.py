"""Mentioning colleagues in a comment: each is told, with the record's title at most (S:CORE-24)."""

import datetime as dt
from collections.abc import Collection

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.companies.models import Employee, Membership
from app.database.base import CompanyModel
from app.database.context import active_company
from app.database.session import session
from app.errors import ValidationError
from app.i18n import _
from app.notices import NoticeKind, notify

MENTION = NoticeKind("documents.mention", _("Somebody mentioned me in a comment"), icon="at-sign", chats=True)
MAX_MENTIONS = 20
_LIMIT = 8


def find_colleagues(text: str, *, limit: int = _LIMIT) -> list[tuple[int, str, str]]:
    """Return (user id, name, user name) of the active company's members whose name contains the text, by name."""
    statement = _members().order_by("name", User.id).limit(limit)
    if text := " ".join(text.split())[:40]:
        named = [each.icontains(text, autoescape=True) for each in (Employee.name, User.first_name, User.last_name)]
        statement = statement.where(sa.or_(*named, User.username.istartswith(text, autoescape=True)))
    return [(row.id, row.name, row.username) for row in session.execute(statement)]


def tell_mentioned(
    record: CompanyModel, *, user_ids: Collection[int], body: str, actor: User, now: dt.datetime
) -> list[int]:
    """Tell the members among these users whose name still stands in the comment after an "@"; return their ids.

    Raises ValidationError for more than MAX_MENTIONS (R4).
    """
    if len(set(user_ids)) > MAX_MENTIONS:
        raise ValidationError(
            "comment.mentions", _("Mention at most %(limit)s colleagues."), field="body", limit=MAX_MENTIONS
        )
    wanted = {*user_ids} - {actor.id}
    if not wanted:
        return []
    names = {row.id: row.name for row in session.execute(_members().where(User.id.in_({*wanted, actor.id})))}
    meant = [user_id for user_id in sorted(wanted) if user_id in names and f"@{names[user_id]}" in body]
    given = notify(
        meant,
        kind=MENTION,
        text=_("%(who)s mentioned you in a comment on “%(record)s”."),
        now=now,
        about=record,
        values={"who": names.get(actor.id, actor.username)},
        share_title=True,
    )
    return [notice.user_id for notice in given]


def _members() -> sa.Select[int, str, str]:
    """Select the active company's members, named as employees where they are."""
    signed_up = User.first_name + " " + User.last_name
    here = sa.select(Membership.user_id).where(Membership.company_id == active_company())
    return (
        sa.select(User.id, sa.func.coalesce(Employee.name, signed_up).label("name"), User.username)
        .outerjoin(Employee, Employee.user_id == User.id)
        .where(User.active, User.id.in_(here))
    )
