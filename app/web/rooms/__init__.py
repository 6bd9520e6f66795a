"""The platform's own generated screens: declared like an add-on's, and always on."""

from collections.abc import Callable
from pathlib import Path

from app.addon_loader.contributions import AddonSetup
from app.addon_loader.manifest import PLATFORM_VERSION, Manifest
from app.web.rooms import (
    agreements,
    announcements,
    approvals,
    audit,
    changes,
    channels,
    cleaning,
    companies,
    events,
    feedback,
    issues,
    masterdata,
    online,
    packs,
    parameters,
    statistics,
)


def platform_setups() -> list[AddonSetup]:
    """Return what the rooms of the platform contribute."""
    return [
        _setup("approvals", "Approvals", "stamp", approvals.setup),
        _setup("changes", "Change requests", "git-pull-request", changes.setup),
        _setup("masterdata", "Master data", "boxes", masterdata.setup),
        _setup("companies", "Organisation", "building-2", companies.setup),
        _setup("parameters", "Policy values", "sliders-horizontal", parameters.setup),
        _setup("announcements", "Announcements", "megaphone", announcements.setup),
        _setup("agreements", "Confidentiality", "file-lock", agreements.setup),
        _setup("feedback", "Faults and wishes", "life-buoy", feedback.setup),
        _setup("issues", "Issues", "siren", issues.setup),
        _setup("statistics", "Statistics", "chart-column", statistics.setup),
        _setup("audit", "Audit log", "shield", audit.setup),
        _setup("cleaning", "Data cleaning", "eraser", cleaning.setup),
        _setup("events", "Events", "inbox", events.setup),
        _setup("packs", "Packs", "package", packs.setup),
        _setup("channels", "Channels", "send", channels.setup),
        _setup("online", "Online functions", "cloud", online.setup),
    ]


def _setup(name: str, title: str, icon: str, record: Callable[[AddonSetup], None]) -> AddonSetup:
    path = Path(__file__).parents[2] / name
    made = AddonSetup(Manifest(name=name, title=title, version=PLATFORM_VERSION, depends=[], icon=icon, path=path))
    record(made)
    return made
