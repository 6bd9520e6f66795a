"""A viewing: an administrator saw the screens as another user sees them, from when to when, and why."""

import datetime as dt
from enum import StrEnum

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database.base import CompanyModel
from app.database.columns import UtcDateTime, choice, utc_now

LONGEST_REASON = 200


class ViewingEnd(StrEnum):
    """How a viewing ended."""

    LEFT = "left"
    LOGGED_OUT = "logged_out"
    TIMED_OUT = "timed_out"
    WITHDRAWN = "withdrawn"  # The right to it, or the viewed user, is gone.


class Viewing(CompanyModel):
    """Bound to one log-in of the viewer; written only when it begins and when it ends (S:CORE-07)."""

    __tablename__ = "companies_viewing"
    __title__ = "reason"

    viewer_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), index=True)
    viewed_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), index=True)
    reason: Mapped[str] = mapped_column(String(LONGEST_REASON))
    began_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=utc_now)
    until: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[ViewingEnd | None] = choice(ViewingEnd, None)

    viewer: Mapped[User] = relationship(User, foreign_keys=[viewer_id])
    viewed: Mapped[User] = relationship(User, foreign_keys=[viewed_id])
