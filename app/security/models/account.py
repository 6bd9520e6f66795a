"""What is known of a user's password and failed log-ins, beside FAB's user row."""

import datetime as dt

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database.base import Model
from app.database.columns import UtcDateTime, utc_now


class Account(Model):
    """One row per user, written with the user."""

    __tablename__ = "security_account"

    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), unique=True)
    must_change: Mapped[bool] = mapped_column(default=True)
    changed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=utc_now)
    failures: Mapped[int] = mapped_column(default=0)  # In a row, since the last log-in or lock.
    locked_until: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    # Since when his roles have wanted a second factor of him; until he has one.
    second_factor_since: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship(User)
