"""Roles of visits."""

from app.sdk.i18n import _
from app.sdk.security import CRUD, Role

MANAGER = Role("visits_manager", _("Visits manager"), {"visits.Visit": (*CRUD, "confirm", "cancel", "export")})
READER = Role("visits_reader", _("Visits reader"), {"visits.Visit": ("list", "show")})
