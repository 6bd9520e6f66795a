"""A message: one notice on its way to a group."""

import datetime as dt
from enum import StrEnum
from typing import ClassVar

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database.base import CompanyModel
from app.database.columns import Id, UtcDateTime, choice
from app.errors import Text
from app.i18n import _
from app.notices.kinds import notice_kinds
from app.notices.models import ChatService, Notice

_FAILED = text("state = 'failed'")
TRIAL = "channels.trial"  # The kind of a notice that is a trial; nobody has to choose whether he wants it.


class MessageState(StrEnum):
    """What became of it."""

    __tones__: ClassVar = {"queued": "amber", "sent": "green", "failed": "red"}

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"


class ChatMessage(CompanyModel):
    """What was sent to whom through which service, or why not. Its words are the notice's, and go with it."""

    __tablename__ = "channels_chat_message"
    __table_args__ = (
        Index(None, "company_id", "service", "id"),
        Index("ix_channels_chat_message_failed", "company_id", "id", sqlite_where=_FAILED, postgresql_where=_FAILED),
    )
    __title__ = "id"
    __audit__ = False  # It repeats what happened, which is recorded where it happened.

    notice_id: Mapped[int] = mapped_column(Id, ForeignKey("notices_notice.id", ondelete="CASCADE"), index=True)
    receiver_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    service: Mapped[ChatService] = choice(ChatService)
    state: Mapped[MessageState] = choice(MessageState, MessageState.QUEUED)
    queued_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    failed_because: Mapped[str | None] = mapped_column(String(300))

    notice: Mapped[Notice] = relationship(Notice, lazy="select")
    receiver: Mapped[User] = relationship(User, foreign_keys=[receiver_id], lazy="joined")

    @property
    def kind(self) -> Text:
        """What it is about."""
        found = notice_kinds().get(self.notice.kind)
        if found is not None:
            return found.label
        return _("Trial message") if self.notice.kind == TRIAL else self.notice.kind

    @property
    def failure(self) -> Text | None:
        """Why it was not sent, in the reader's language."""
        return _(self.failed_because) if self.failed_because else None

    def __str__(self) -> str:
        return f"{self.service.label} · {self.receiver.get_full_name().strip()}"
