"""Marking text for translation."""

from app.i18n import LazyString, _, humanize, member_words, message_key

__all__ = ["LazyString", "_", "humanize", "member_words", "message_key"]
