"""That somebody has read an announcement."""

import datetime as dt

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database.base import CompanyModel
from app.database.columns import UtcDateTime, reference


class AnnouncementRead(CompanyModel):
    """The first time that a user opened an announcement."""

    __tablename__ = "announcements_read"
    __table_args__ = (UniqueConstraint("company_id", "announcement_id", "user_id"),)
    __audit__ = False  # It tells by itself who did what when.

    announcement_id: Mapped[int] = reference("announcements_announcement", index=False)
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    read_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship(User, foreign_keys=[user_id])
