"""Everything the parcels add-on contributes."""

from addons.parcels import security, views
from addons.parcels.models import Depot, Parcel
from app.sdk.addon import AddonSetup


def setup(addon: AddonSetup) -> None:
    """Record it."""
    addon.add_models(Depot, Parcel)
    addon.add_roles(security.CLERK)
    addon.add_view(views.ParcelView, menu="Freight/Parcels")
    addon.add_view(views.DepotView, menu="Freight/Depots")
