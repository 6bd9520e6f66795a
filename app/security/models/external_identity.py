"""Who a user is elsewhere: in the company's directory, or at its identity provider."""

import datetime as dt

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database.base import Model
from app.database.columns import UtcDateTime, utc_now

DIRECTORY = "ldap"  # The issuer of whoever comes from the directory; there is one directory.


class ExternalIdentity(Model):
    """One account elsewhere, known by what never changes there, and the user whom it opens here."""

    __tablename__ = "security_external_identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"), UniqueConstraint("user_id", "issuer"))

    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"))
    issuer: Mapped[str] = mapped_column(String(255))  # DIRECTORY, or the address of an identity provider.
    subject: Mapped[str] = mapped_column(String(255))
    name: Mapped[str] = mapped_column(String(255), default="")  # What he is called there, as of his last log-in.
    linked_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=utc_now)

    user: Mapped[User] = relationship(User)
