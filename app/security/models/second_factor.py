"""What a user's authenticator app and the server share, and the codes that help when the telephone is lost."""

import datetime as dt

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import Model
from app.database.columns import UtcDateTime, utc_now
from app.database.encryption import HASH_LENGTH, EncryptedText


class SecondFactor(Model):
    """The key of one user's codes; asked for at log-in once it is confirmed by a first code."""

    __tablename__ = "security_second_factor"

    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), unique=True)
    secret: Mapped[str] = mapped_column(EncryptedText)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=utc_now)
    confirmed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)  # Of the code used last: none opens twice.


class RecoveryCode(Model):
    """One of the codes that open once without the telephone; only its hash is kept."""

    __tablename__ = "security_recovery_code"

    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(String(HASH_LENGTH))
    used_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
