"""The gate of add-ons: what belongs to an add-on that this company has off is closed."""

from app.companies.enablement import is_enabled
from app.database.context import active_company

# Rooms of the platform that own screens. A positive list: an unknown prefix is taken for an add-on, hence closed.
PLATFORM = frozenset(
    {
        "agreements",
        "announcements",
        "approvals",
        "audit",
        "changes",
        "channels",
        "cleaning",
        "companies",
        "documents",
        "events",
        "feedback",
        "issues",
        "jobs",
        "masterdata",
        "notices",
        "online",
        "packs",
        "parameters",
        "reports",
        "search",
        "security",
        "statistics",
        "web",
        "workflow",
    }
)


def owner_of(resource: str) -> str | None:
    """Return the add-on in a permission or menu name ('visits' for 'visits.Visit'); None: the platform's own."""
    owner, dot, _name = resource.partition(".")
    return owner if dot and owner not in PLATFORM else None


def is_open(resource: str) -> bool:
    """Tell whether the add-on that owns this name is on for the active company."""
    addon = owner_of(resource)
    return addon is None or is_enabled(addon, active_company())
