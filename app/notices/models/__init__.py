"""Tables of notices, one noun per file."""

from app.notices.models.notice import Notice
from app.notices.models.preference import Channel, NoticePreference

__all__ = ["Channel", "Notice", "NoticePreference"]
