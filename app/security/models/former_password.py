"""The hashes of passwords a user has had, so that they are not used again."""

import datetime as dt

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database.base import Model
from app.database.columns import UtcDateTime, utc_now


class FormerPassword(Model):
    """A password's hash; the newest row is the present password."""

    __tablename__ = "security_former_password"

    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), index=True)
    password_hash: Mapped[str] = mapped_column(String(256))
    set_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=utc_now)

    user: Mapped[User] = relationship(User)
