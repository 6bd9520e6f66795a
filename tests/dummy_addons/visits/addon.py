"""Everything the visits add-on contributes."""

from addons.visits import reports, security, services, views, workflow
from addons.visits.models import Visit
from app.sdk.addon import AddonSetup


def setup(addon: AddonSetup) -> None:
    """Record it."""
    addon.add_models(Visit)
    addon.add_roles(security.MANAGER, security.READER)
    addon.add_workflow(workflow.VISIT_WORKFLOW, services)
    addon.add_view(views.VisitView, menu="Sales/Visits")
    addon.add_report(reports.VISITS_PER_DAY, menu="Sales/Visits per day")
