"""Marking text for translation."""

from app.i18n import LazyString, _, humanize

__all__ = ["LazyString", "_", "humanize"]
