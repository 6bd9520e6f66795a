"""Roles of orders."""

from app.sdk.i18n import _
from app.sdk.security import CRUD, Role

ORDER = "market.Order"
BOSS = Role("market_boss", _("Orders boss"), {ORDER: (*CRUD, "send", "cancel", "export", "import", "see_personal")})
CLERK = Role("market_clerk", _("Orders clerk"), {ORDER: ("list", "show", "add", "edit", "send", "export")})
