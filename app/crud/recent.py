"""The records that a user opened last: ten of them, in each company."""

import datetime as dt
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass

import sqlalchemy as sa
from flask import current_app, url_for
from flask_appbuilder.security.sqla.models import User
from sqlalchemy.exc import IntegrityError

from app.crud.models import RecentRecord
from app.database.session import session
from app.security.gate import is_open
from app.security.records import visible_titles
from app.security.roles import may

KEPT = 10


@dataclass(frozen=True)
class FoundRecord:
    """A record that the reader may open."""

    resource: str
    title: str
    url: str


def note_opened(resource: str, record_id: int, *, actor: User, now: dt.datetime) -> None:
    """Put a record at the head of the actor's list. One that he may not open is left out."""
    if not visible_titles({resource: [record_id]}, actor=actor):
        return
    key = {"user_id": actor.id, "resource": resource, "record_id": record_id}
    row = session.scalar(sa.select(RecentRecord).filter_by(**key))
    if row is not None:
        row.opened_at = now
        session.flush()
    else:
        with suppress(IntegrityError), session.begin_nested():  # Opened in two windows at once.
            session.add(RecentRecord(**key, opened_at=now))
    newest = _of(actor).with_only_columns(RecentRecord.id).limit(KEPT)
    kept = session.scalars(newest).all()
    session.execute(
        sa.delete(RecentRecord).where(RecentRecord.user_id == actor.id, RecentRecord.id.not_in(kept)),
        execution_options={"synchronize_session": False},
    )


def list_recent(actor: User) -> list[FoundRecord]:
    """Return what the actor opened last and may still open, newest first; one statement, and one per resource."""
    rows = session.execute(_of(actor).with_only_columns(RecentRecord.resource, RecentRecord.record_id)).all()
    ids: dict[str, set[int]] = defaultdict(set)
    for resource, record_id in rows:
        ids[resource].add(record_id)
    titles = visible_titles(ids, actor=actor)
    keys = [(resource, record_id) for resource, record_id in rows]
    return [found_record(*key, titles[key]) for key in keys if key in titles and has_page(key[0], actor)]


def found_record(resource: str, record_id: int, title: str) -> FoundRecord:
    """Return a record with the address of its page."""
    view = current_app.extensions["crud_views"][resource]
    return FoundRecord(resource, title, url_for(f"{view.endpoint}.show", pk=record_id))


def has_page(resource: str, actor: User) -> bool:
    """Tell whether records of this resource have a page that the actor may open."""
    view = current_app.extensions["crud_views"].get(resource)
    return view is not None and "show" in view.verbs and is_open(resource) and may(actor, "show", resource)


def _of(actor: User) -> sa.Select[RecentRecord]:
    newest = sa.select(RecentRecord).where(RecentRecord.user_id == actor.id)
    return newest.order_by(RecentRecord.opened_at.desc(), RecentRecord.id.desc()).limit(KEPT)
