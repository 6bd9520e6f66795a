"""All generated views, and all pages of add-ons: read off the contributions, before any app is built."""

from functools import cache
from pathlib import Path

from app.addon_loader import loader
from app.addon_loader.contributions import AddonSetup
from app.addon_loader.discovery import find_addons
from app.web.rooms import platform_setups

ADDONS = ("visits", "bonus", "market", "reception", "payments", "orders", "contracts")
ADDONS_PATH = [str(Path(__file__).parents[1] / "dummy_addons")]


@cache
def setups() -> tuple[AddonSetup, ...]:
    """Return what each add-on and each room of the platform contributes."""
    manifests = find_addons(ADDONS_PATH)
    return (*loader.load(manifests[name] for name in manifests if name in ADDONS), *platform_setups())


@cache
def resources() -> tuple[str, ...]:
    """Return the resource of every generated view: 'visits.Visit'."""
    return tuple(setup.resource(view.model) for setup in setups() for view, _entry in setup.views)


@cache
def pages() -> tuple[str, ...]:
    """Return the resource of every page that an add-on writes itself: 'reception.Desk'."""
    return tuple(page.resource for setup in setups() for page, _entry in setup.pages)


def page(resource: str) -> str:
    """Return where the pages of a view lie."""
    addon, _dot, noun = resource.partition(".")
    return f"/{addon}/{noun.lower()}"


def rest(resource: str) -> str:
    """Return where the REST of a view lies."""
    return f"/api/v1{page(resource)}"
