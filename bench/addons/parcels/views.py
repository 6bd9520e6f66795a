"""The list that is measured."""

from addons.parcels.models import Depot, Parcel
from app.sdk.views import CrudView


class DepotView(CrudView):
    """Where parcels start."""

    model = Depot
    list_columns = ("name",)
    form_columns = ("name",)


class ParcelView(CrudView):
    """Parcels, newest first."""

    model = Parcel
    list_columns = ("number", "recipient", "depot", "city", "pieces", "freight", "sent_on", "state")
    form_columns = ("number", "recipient", "depot_id", "city", "pieces", "freight", "sent_on", "state")
    search_columns = ("number", "recipient", "city", "sent_on", "state")
