"""The role of whoever runs a benchmark."""

from app.sdk.i18n import _
from app.sdk.security import CRUD, Role

_ALL = (*CRUD, "export", "see_personal")
CLERK = Role("parcels_clerk", _("Parcels clerk"), {"parcels.Parcel": _ALL, "parcels.Depot": _ALL})
