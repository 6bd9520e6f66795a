"""Files that were sent with the form of a page."""

from app.crud.importing.sent import SentSheet, sent_sheet

__all__ = ["SentSheet", "sent_sheet"]
