"""Reading announcements: which of them one sees, and who has read them (S:CORE-12)."""

import datetime as dt

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.announcements.models import Announcement, AnnouncementRead, AnnouncementUnit
from app.companies.models import OrgPlacement
from app.companies.org import employee_of, units_of, valid_on
from app.database.session import session
from app.errors import NotFound
from app.i18n import _


def list_announcements(reader: User, *, on: dt.date) -> list[tuple[Announcement, bool]]:
    """Return what the reader sees on a day, the latest first, each with whether he has read it."""
    read = sa.exists().where(AnnouncementRead.announcement_id == Announcement.id, AnnouncementRead.user_id == reader.id)
    statement = sa.select(Announcement, read).where(_addressed(reader, on))
    rows = session.execute(statement.order_by(Announcement.publish_on.desc(), Announcement.id.desc()))
    return [(announcement, is_read) for announcement, is_read in rows]


def read_announcement(announcement_id: int, *, reader: User, on: dt.date, now: dt.datetime) -> Announcement:
    """Return an announcement, and note that the reader has seen it. Raises NotFound for one not addressed to him."""
    found: Announcement | None = session.scalar(
        sa.select(Announcement).where(Announcement.id == announcement_id, _addressed(reader, on))
    )
    if found is None:
        raise NotFound("announcement.missing", _("There is no such announcement for you."))
    mine = sa.select(AnnouncementRead.id).where(
        AnnouncementRead.announcement_id == found.id, AnnouncementRead.user_id == reader.id
    )
    if session.scalar(mine) is None:
        session.add(AnnouncementRead(announcement_id=found.id, user_id=reader.id, read_at=now))
        session.flush()
    return found


def list_reads(announcement_id: int) -> list[AnnouncementRead]:
    """Return who has read an announcement, the first reader first."""
    statement = sa.select(AnnouncementRead).where(AnnouncementRead.announcement_id == announcement_id)
    return list(session.scalars(statement.order_by(AnnouncementRead.read_at, AnnouncementRead.id)))


def _addressed(reader: User, on: dt.date) -> sa.ColumnElement[bool]:
    """Return the condition of what is published on a day, and addressed to all or to a unit above the reader."""
    employee = employee_of(reader.id)
    units = sa.select(AnnouncementUnit.id).where(AnnouncementUnit.announcement_id == Announcement.id)
    to_all = ~units.exists()
    mine: sa.ColumnElement[bool] = sa.false()
    if employee is not None:
        above = sa.select(OrgPlacement.ancestor_id).where(
            OrgPlacement.descendant_id.in_(units_of(employee.id, on=on)), valid_on(OrgPlacement, on)
        )
        mine = units.where(AnnouncementUnit.org_unit_id.in_(above)).exists()
    return sa.and_(
        Announcement.publish_on <= on,
        sa.or_(Announcement.expires_on.is_(None), Announcement.expires_on >= on),
        sa.or_(to_all, mine),
    )
