"""Everything the orders add-on contributes."""

from addons.market import reports, security, services, views, workflow
from addons.market.models import Order, OrderLine
from app.sdk.addon import AddonSetup


def setup(addon: AddonSetup) -> None:
    """Record it."""
    addon.add_models(Order, OrderLine)
    addon.add_roles(security.BOSS, security.CLERK)
    addon.add_workflow(workflow.ORDER_WORKFLOW, services)
    addon.add_online_feature(services.ORDER_SMS)
    addon.add_view(views.OrderView, menu="Sales/Orders")
    addon.add_report(reports.SUMS, menu="Sales/Orders in sums")
