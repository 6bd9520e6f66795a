"""What a user wants of all notices that leave the application: the language, and where he chats."""

from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import CompanyModel
from app.database.columns import choice
from app.database.encryption import EncryptedText
from app.errors import Text
from app.i18n import _


class ChatService(StrEnum):
    """Where people chat. The value is also the name of the function that needs the internet for it."""

    WECOM = "wecom"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"

    @property
    def label(self) -> Text:
        """What people call it."""
        return _SERVICES[self]


_SERVICES = {ChatService.WECOM: _("WeCom"), ChatService.DINGTALK: _("DingTalk"), ChatService.FEISHU: _("Feishu")}


class NoticeReader(CompanyModel):
    """What one user chose; without a row, and where it says nothing, it is the company's language and first channel.

    `mention` is the mobile number or the user's id in the service, by which its robot calls him.
    """

    __tablename__ = "notices_reader"
    __table_args__ = (UniqueConstraint("company_id", "user_id"),)
    __personal__ = ("mention",)
    __audit__ = False  # A matter of taste, and the user's own.

    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    locale: Mapped[str | None] = mapped_column(String(10))
    service: Mapped[ChatService | None] = choice(ChatService, nullable=True)
    mention: Mapped[str | None] = mapped_column(EncryptedText)
