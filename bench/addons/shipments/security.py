"""The role of whoever runs a benchmark: it may see everything."""

from app.sdk.i18n import _
from app.sdk.security import CRUD, Role

_ALL = (*CRUD, "export", "see_personal")
CLERK = Role("shipments_clerk", _("Shipments clerk"), {"shipments.Shipment": _ALL, "shipments.Courier": _ALL})
