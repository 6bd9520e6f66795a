"""The exceptions inbox."""

from app.addon_loader.contributions import AddonSetup
from app.web.inbox_page import InboxPage


def setup(addon: AddonSetup) -> None:
    """Record the page."""
    addon.add_page(InboxPage, menu="Organisation/Exceptions inbox", icon="inbox")
