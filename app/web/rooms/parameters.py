"""The page of policy values."""

from app.addon_loader.contributions import AddonSetup
from app.web.parameters_page import ParametersPage


def setup(addon: AddonSetup) -> None:
    """Record the page."""
    addon.add_page(ParametersPage, menu="Organisation/Policy values", icon="sliders-horizontal")
