"""Reading one's notices: how many, which, in the reader's words, and marking them as read."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext

from app.database.session import session
from app.errors import NotFound
from app.i18n import _
from app.notices.kinds import notice_kinds
from app.notices.models import Notice
from app.security.records import titles_of, visible_titles
from app.security.roles import subject_text

COUNT_CAP = 100
PAGE = 50


@dataclass(frozen=True)
class ToldNotice:
    """A notice in the words of its reader. `may_open` is whether he may see the record that it is about."""

    id: int
    icon: str
    text: str
    at: dt.datetime
    is_unread: bool
    resource: str | None
    record_id: int | None
    may_open: bool


def list_notices(actor: User, *, before: int | None = None, limit: int = PAGE) -> list[Notice]:
    """Return the actor's latest notices, newest first; those given before the notice of this id."""
    statement = _of(sa.select(Notice), actor).order_by(Notice.id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(Notice.id < before)
    return list(session.scalars(statement))


def tell(notices: Sequence[Notice], *, reader: User) -> list[ToldNotice]:
    """Return notices in words, with the titles that this reader may know; at most two statements per resource."""
    ids: dict[str, set[int]] = defaultdict(set)
    for one in notices:
        if one.resource is not None and one.record_id is not None:
            ids[one.resource].add(one.record_id)
    seen = visible_titles(ids, actor=reader)
    shared: dict[str, set[int]] = defaultdict(set)
    for one in notices:
        if one.shares_title and one.resource and one.record_id and (one.resource, one.record_id) not in seen:
            shared[one.resource].add(one.record_id)
    titles = {**titles_of(shared), **seen}
    return [_told(one, titles, may_open=(one.resource, one.record_id) in seen) for one in notices]


def find_notice(notice_id: int, *, actor: User) -> Notice:
    """Return one of the actor's notices. Raises NotFound for anybody else's."""
    notice = session.get(Notice, notice_id)
    if notice is None or notice.user_id != actor.id:
        raise NotFound("notice.not_found", _("There is no such notice."))
    return notice


def mark_read(notice_id: int, *, actor: User, now: dt.datetime) -> Notice:
    """Mark one of the actor's notices as read. Raises NotFound for anybody else's."""
    notice = find_notice(notice_id, actor=actor)
    session.execute(sa.update(Notice).where(Notice.id == notice_id, Notice.read_at.is_(None)).values(read_at=now))
    return notice


def mark_all_read(*, actor: User, now: dt.datetime) -> int:
    """Mark everything that the actor was told until now as read, and return how many there were."""
    unread = sa.update(Notice).where(Notice.user_id == actor.id, Notice.read_at.is_(None), Notice.at <= now)
    return len(session.scalars(unread.values(read_at=now).returning(Notice.id)).all())


def _count_statement() -> sa.Select[Any]:
    mine = (Notice.user_id == sa.bindparam("user_id"), Notice.in_app, Notice.read_at.is_(None))
    some = sa.select(Notice.id).where(*mine).limit(COUNT_CAP).subquery()
    return sa.select(sa.func.count()).select_from(some)


# How many notices the user `user_id` has not read, at most COUNT_CAP. Built once: every page asks it.
UNREAD = _count_statement()


def _of(statement: sa.Select[Any], actor: User) -> sa.Select[Any]:
    return statement.where(Notice.user_id == actor.id, Notice.in_app)


def _told(one: Notice, titles: dict[tuple[str, int], str], *, may_open: bool) -> ToldNotice:
    kind = notice_kinds().get(one.kind)
    places = {name: _word(value) for name, value in one.values.items()}
    if one.resource is not None and one.record_id is not None:
        places["record"] = titles.get((one.resource, one.record_id)) or str(subject_text(one.resource))
    return ToldNotice(
        id=one.id,
        icon=kind.icon if kind is not None else "bell",
        text=str(gettext(one.text)) % places,
        at=one.at,
        is_unread=one.read_at is None,
        resource=one.resource,
        record_id=one.record_id,
        may_open=may_open,
    )


def _word(value: Any) -> Any:
    key = value.get("text") if isinstance(value, dict) else None
    return gettext(key) if key else value
