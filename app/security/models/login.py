"""A log-in: what a cookie or token is worth is decided here, on the server, at each request."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import Model
from app.database.columns import Id, UtcDateTime, choice, utc_now
from app.database.encryption import EncryptedText


class LoginKind(StrEnum):
    """What carries the log-in."""

    SESSION = "session"
    TOKEN = "token"  # noqa: S105  # A kind, not a secret.


class LoginMethod(StrEnum):
    """Who vouched for the user."""

    PASSWORD = "password"  # noqa: S105  # We, by the password kept here.
    DIRECTORY = "directory"
    PROVIDER = "provider"  # The company's identity provider.


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
    method: Mapped[LoginMethod] = choice(LoginMethod, LoginMethod.PASSWORD)
    # What the identity provider said: that it has asked for a second factor, when it asked the person itself again,
    # and the token that names the log-in when it is to be ended there too.
    provider_second_factor: Mapped[bool] = mapped_column(default=False)
    confirmed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    id_token: Mapped[str | None] = mapped_column(EncryptedText)
