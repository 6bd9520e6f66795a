"""A notice: what one user is told."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import CompanyModel
from app.database.columns import Id, UtcDateTime

_UNREAD = text("read_at IS NULL")
_MAIL_DUE = text("mail_due_at IS NOT NULL")


class Notice(CompanyModel):
    """Told to one user, in words that are translated when they are read.

    `text` is a key of the catalogues, with places for `values` and for `%(record)s`: the title of the record, which is
    looked up at that moment, for this reader. Of a record that the reader may not see, the title is told only where
    whoever gave the notice meant to share it (S:CORE-24). E-mail is owed while `mail_due_at` is set.
    """

    __tablename__ = "notices_notice"
    __table_args__ = (
        Index("ix_notices_notice_of_user", "company_id", "user_id", "id"),
        Index("ix_notices_notice_unread", "company_id", "user_id", sqlite_where=_UNREAD, postgresql_where=_UNREAD),
        Index(
            "ix_notices_notice_mail", "company_id", "mail_due_at", sqlite_where=_MAIL_DUE, postgresql_where=_MAIL_DUE
        ),
    )
    __quotes__ = ("values",)
    __audit__ = False  # It repeats what happened, which is recorded where it happened.

    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    kind: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(String(300))
    values: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    resource: Mapped[str | None] = mapped_column(String(80))
    record_id: Mapped[int | None] = mapped_column(Id)
    shares_title: Mapped[bool] = mapped_column(default=False)
    in_app: Mapped[bool] = mapped_column(default=True)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    mail_due_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    mail_attempts: Mapped[int] = mapped_column(default=0)
    mailed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
