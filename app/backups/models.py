"""A backup run: what came of one attempt to write a backup."""

import datetime as dt

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database.base import Model
from app.database.columns import UtcDateTime


class BackupRun(Model):
    """One attempt. Not a company row: it concerns the whole installation. Its file may be gone, its line stays.

    Written when the attempt is over, so that a backup does not hold itself as unfinished.
    """

    __tablename__ = "backups_run"
    __table_args__ = (Index(None, "file"),)

    file: Mapped[str | None] = mapped_column(String(80))  # Its name in the folder of backups; None of a failed one.
    ok: Mapped[bool]
    started_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    size: Mapped[int] = mapped_column(BigInteger, default=0)  # Bytes.
    rows: Mapped[int] = mapped_column(BigInteger, default=0)
    files: Mapped[int] = mapped_column(default=0)  # Stored files in it.
    error: Mapped[str | None] = mapped_column(Text)  # For people.
    checked_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    sound: Mapped[bool | None]  # What the latest check found.
    requested_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))  # None: the clock or a command.

    requested_by: Mapped[User | None] = relationship(User)
