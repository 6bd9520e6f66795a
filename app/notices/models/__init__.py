"""Tables of notices, one noun per file."""

from app.notices.models.notice import Notice
from app.notices.models.preference import Channel, NoticePreference
from app.notices.models.reader import ChatService, NoticeReader

__all__ = ["Channel", "ChatService", "Notice", "NoticePreference", "NoticeReader"]
