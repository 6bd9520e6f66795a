"""Packs: what the company is set up with in one step."""

from app.addon_loader.contributions import AddonSetup
from app.packs.models import PackRun
from app.web.packs_page import PacksPage


def setup(addon: AddonSetup) -> None:
    """Record the page."""
    addon.add_models(PackRun)
    addon.add_page(PacksPage, menu="Organisation/Packs", icon="package")
