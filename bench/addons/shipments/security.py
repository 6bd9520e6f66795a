"""The roles of whoever runs a benchmark: one may see everything, the other sees personal data masked."""

from app.sdk.i18n import _
from app.sdk.security import CRUD, Role

_ALL = (*CRUD, "export", "see_personal")
_MASKED = (*CRUD, "export")
CLERK = Role("shipments_clerk", _("Shipments clerk"), {"shipments.Shipment": _ALL, "shipments.Courier": _ALL})
MASKED_CLERK = Role(
    "shipments_masked_clerk",
    _("Shipments clerk, masked"),
    {"shipments.Shipment": _MASKED, "shipments.Courier": _MASKED},
)
