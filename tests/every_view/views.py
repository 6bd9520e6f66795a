"""All generated views, as the running app has them: read off the contributions, before any app is built."""

from functools import cache
from pathlib import Path

from app.addon_loader import loader
from app.addon_loader.contributions import AddonSetup
from app.addon_loader.discovery import find_addons
from app.web.rooms import platform_setups

ADDONS = ("visits", "bonus", "market", "reception")
ADDONS_PATH = [str(Path(__file__).parents[1] / "dummy_addons")]


@cache
def resources() -> tuple[str, ...]:
    """Return the resource of every generated view: 'visits.Visit'."""
    manifests = find_addons(ADDONS_PATH)
    setups: list[AddonSetup] = [
        *loader.load(manifests[name] for name in manifests if name in ADDONS),
        *platform_setups(),
    ]
    return tuple(setup.resource(view.model) for setup in setups for view, _entry in setup.views)


def page(resource: str) -> str:
    """Return where the pages of a view lie."""
    addon, _dot, noun = resource.partition(".")
    return f"/{addon}/{noun.lower()}"


def rest(resource: str) -> str:
    """Return where the REST of a view lies."""
    return f"/api/v1{page(resource)}"
