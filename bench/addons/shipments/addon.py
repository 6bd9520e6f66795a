"""Everything the shipments add-on contributes."""

from addons.shipments import security, views
from addons.shipments.models import Courier, Shipment
from app.sdk.addon import AddonSetup


def setup(addon: AddonSetup) -> None:
    """Record it."""
    addon.add_models(Shipment, Courier)
    addon.add_roles(security.CLERK, security.MASKED_CLERK)
    addon.add_view(views.ShipmentView, menu="Freight/Shipments")
    addon.add_view(views.CourierView, menu="Freight/Couriers")
