"""Old notices go: they repeat what their records tell."""

import datetime as dt

import sqlalchemy as sa

from app.database.session import session
from app.notices.models import Notice

CLEAN_UP_EVERY = dt.timedelta(days=1)
_KEPT_READ = dt.timedelta(days=90)
_KEPT_UNREAD = dt.timedelta(days=365)


def delete_old_notices(now: dt.datetime) -> None:
    """Delete what was read three months ago, and what nobody has read within a year."""
    over = sa.or_(Notice.read_at < now - _KEPT_READ, Notice.at < now - _KEPT_UNREAD)
    session.execute(sa.delete(Notice).where(over))
