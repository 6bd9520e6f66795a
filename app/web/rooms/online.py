"""Functions that need the internet."""

from app.addon_loader.contributions import AddonSetup
from app.online import GIVEN_UP, QUEUED, OnlineCall
from app.web.online_page import OnlinePage


def setup(addon: AddonSetup) -> None:
    """Record the page."""
    addon.add_models(OnlineCall)
    addon.add_notice_kinds(QUEUED, GIVEN_UP)
    addon.add_page(OnlinePage, menu="Organisation/Online functions", icon="cloud")
