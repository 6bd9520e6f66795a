"""Statistics that no add-on owns: what all documents have come to."""

from app.addon_loader.contributions import AddonSetup
from app.i18n import _
from app.security.roles import Role
from app.web.monitor_page import RESOURCE, MonitorPage
from app.web.other_statistics_page import RESOURCE as OTHER
from app.web.other_statistics_page import OtherStatisticsPage
from app.web.rooms import dual_track

MANAGEMENT = Role(
    "statistics_management",
    _("Management"),
    {
        RESOURCE: ("show",),
        OTHER: ("show",),
        "changes.ChangeRequest": ("list", "show", "approve", "refuse", "export"),
        "issues.Issue": ("list", "show", "close", "export"),
        "statistics.Comparison": ("list", "show", "export"),
        "statistics.ReportRun": ("list", "show"),
    },
)


def setup(addon: AddonSetup) -> None:
    """Record the pages."""
    addon.add_roles(MANAGEMENT)
    addon.add_page(MonitorPage, menu="Statistics/All documents", icon="layout-grid")
    addon.add_page(OtherStatisticsPage, menu="Statistics/Other statistics", icon="chart-column")
    dual_track.setup(addon)
