"""Marking text for translation."""

from app.i18n import _, humanize

__all__ = ["_", "humanize"]
