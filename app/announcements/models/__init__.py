"""Tables of announcements."""

from app.announcements.models.announcement import Announcement, AnnouncementUnit
from app.announcements.models.announcement_read import AnnouncementRead

__all__ = ["Announcement", "AnnouncementRead", "AnnouncementUnit"]
