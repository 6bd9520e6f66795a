"""Lists of shipments: twelve columns of every kind."""

from addons.shipments.models import Courier, Shipment
from app.sdk.security import mask_phone
from app.sdk.views import CrudView


class ShipmentView(CrudView):
    """No column is encrypted."""

    model = Shipment
    list_columns = (
        "number", "customer", "city", "address", "note", "pieces", "weight", "freight", "shipped_on", "delivered_at",
        "state", "insured",
    )  # fmt: skip
    form_columns = ("number", "customer", "city", "address", "note", "pieces", "weight", "freight", "shipped_on")
    search_columns = ("number", "customer", "city", "state", "shipped_on")


class CourierView(ShipmentView):
    """The note is a phone: encrypted at rest, and masked for those who may not see it."""

    model = Courier
    personal = {"note": mask_phone}  # noqa: RUF012  # As the platform's views are configured.
