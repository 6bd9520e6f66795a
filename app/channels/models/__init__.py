"""Tables of channels, one noun per file."""

from app.channels.models.chat_channel import LONGEST_NAME, ChannelState, ChatChannel, ChatContent
from app.channels.models.chat_message import TRIAL, ChatMessage, MessageState

__all__ = ["LONGEST_NAME", "TRIAL", "ChannelState", "ChatChannel", "ChatContent", "ChatMessage", "MessageState"]
