"""A log-in: what a cookie or token is worth is decided here, on the server, at each request."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import Model
from app.database.columns import Id, UtcDateTime, choice, utc_now


class LoginKind(StrEnum):
    """What carries the log-in."""

    SESSION = "session"
    TOKEN = "token"  # noqa: S105  # A kind, not a secret.


class Login(Model):
    """One log-in of one user, from `created_at` until it expires or is revoked."""

    __tablename__ = "security_login"

    sid: Mapped[str] = mapped_column(String(43), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), index=True)
    company_id: Mapped[int | None] = mapped_column(ForeignKey("companies_company.id"))  # Entered last.
    kind: Mapped[LoginKind] = choice(LoginKind, LoginKind.SESSION)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=utc_now)
    last_seen_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=utc_now)
    expires_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    # Whose screens its user sees, until when, and where that is written down.
    viewed_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"))
    viewed_until: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    viewing_id: Mapped[int | None] = mapped_column(Id)
    revoked_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    ip: Mapped[str] = mapped_column(String(45), default="")
    agent: Mapped[str] = mapped_column(String(200), default="")
