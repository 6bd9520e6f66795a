"""Files that were sent with the form of a page."""

from app.crud.importing.sent import SentSheet, sent_sheet
from app.crud.pictures import sent_picture

__all__ = ["SentSheet", "sent_picture", "sent_sheet"]
