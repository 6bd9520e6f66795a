"""A channel: the robot of a group in WeCom, DingTalk or Feishu through which a company tells its people."""

from enum import StrEnum
from typing import ClassVar
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import CompanyModel
from app.database.columns import choice
from app.database.encryption import EncryptedText, last_four
from app.notices.models import ChatService

LONGEST_NAME = 60


class ChannelState(StrEnum):
    """Whether the company uses it."""

    __tones__: ClassVar = {"on": "green"}

    ON = "on"
    OFF = "off"


class ChatContent(StrEnum):
    """How much a message says: everybody in the group reads it."""

    KIND_AND_LINK = "kind_and_link"
    WHOLE_TEXT = "whole_text"


class ChatChannel(CompanyModel):
    """The robot of one service; the one that is on is used.

    Whoever knows its web-hook can write to the group: it is encrypted, as its key is.
    """

    __tablename__ = "channels_chat_channel"
    __table_args__ = (Index(None, "company_id", "service"),)

    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    service: Mapped[ChatService] = choice(ChatService)
    web_hook: Mapped[str] = mapped_column(EncryptedText)
    signing_key: Mapped[str | None] = mapped_column(EncryptedText)
    content: Mapped[ChatContent] = choice(ChatContent, ChatContent.KIND_AND_LINK)
    state: Mapped[ChannelState] = choice(ChannelState, ChannelState.ON)

    @property
    def shown_hook(self) -> str:
        """What is shown of the web-hook: its server, and the last four characters of its key."""
        return f"{urlsplit(self.web_hook).netloc} ····{last_four(self.web_hook)}"

    @property
    def has_signing_key(self) -> bool:
        """Whether a signing key is kept."""
        return bool(self.signing_key)

    @property
    def links_to(self) -> str:
        """The address that links of messages begin with; blank where the installation does not know it."""
        return str(current_app.config["PUBLIC_URL"])
