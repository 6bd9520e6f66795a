"""Telling users that something happened which concerns them."""

from app.notices import Channel, NoticeKind, notify

__all__ = ["Channel", "NoticeKind", "notify"]
