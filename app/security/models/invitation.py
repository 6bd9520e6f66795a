"""An invitation: the link by which somebody sets the first password of his account."""

import datetime as dt

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.companies.models import Company
from app.database.base import Model
from app.database.columns import UtcDateTime

_MAIL_DUE = text("mail_due_at IS NOT NULL")


class Invitation(Model):
    """The latest invitation of one user. Not a company row: a stranger's link is looked up before any company is known.

    The link itself is not kept, only its digest. It is made anew from `number` and the installation's secret when the
    e-mail leaves, which is owed while `mail_due_at` is set.
    """

    __tablename__ = "security_invitation"
    __table_args__ = (
        Index("ix_security_invitation_mail", "mail_due_at", sqlite_where=_MAIL_DUE, postgresql_where=_MAIL_DUE),
    )

    company_id: Mapped[int] = mapped_column(ForeignKey("companies_company.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), unique=True)
    number: Mapped[int] = mapped_column(default=0)  # How often this user was invited.
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    invited_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"))
    invited_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    accepted_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    mail_due_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    mail_attempts: Mapped[int] = mapped_column(default=0)
    mailed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship(User, foreign_keys=[user_id])
    company: Mapped[Company] = relationship(Company)

    def is_open(self, now: dt.datetime) -> bool:
        """Tell whether its link still opens the account."""
        return self.accepted_at is None and self.withdrawn_at is None and now < self.expires_at
