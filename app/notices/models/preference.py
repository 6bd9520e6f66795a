"""How a user wants to hear of one kind of notice."""

from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import CompanyModel
from app.database.columns import choice


class Channel(StrEnum):
    """Where a notice reaches a user."""

    IN_APP = "in_app"
    EMAIL = "email"
    BOTH = "both"
    NONE = "none"

    @property
    def shows(self) -> bool:
        """Whether it is shown in the application."""
        return self in (Channel.IN_APP, Channel.BOTH)

    @property
    def mails(self) -> bool:
        """Whether it is sent by e-mail."""
        return self in (Channel.EMAIL, Channel.BOTH)


class NoticePreference(CompanyModel):
    """What a user chose for one kind; without a row, the kind's default holds, and so it does for `chat` if unset."""

    __tablename__ = "notices_preference"
    __table_args__ = (UniqueConstraint("company_id", "user_id", "kind"),)
    __audit__ = False  # A matter of taste, and the user's own.

    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    kind: Mapped[str] = mapped_column(String(60))
    channel: Mapped[Channel] = choice(Channel)
    chat: Mapped[bool | None]
