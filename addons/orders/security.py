"""Roles of orders; the scope (own, team, unit, company) is chosen where a role is given to a person."""

from app.sdk.i18n import _
from app.sdk.security import CRUD, Role

_LOOK = ("list", "show")
_FILL = ("list", "show", "add", "edit")
_EVERYBODY = {
    "issues.Issue": _FILL,
    "statistics.Other": ("show",),
    "masterdata.Product": _LOOK,
    "masterdata.SellableItem": _LOOK,
    "masterdata.Partner": _LOOK,
}
_PRICES = {"orders.PriceList": (*_LOOK, "export")}
_WRITE_RESERVATION = (*_FILL, "make_ready", "sign", "amend", "discard", "make_order")
_ASK = (*_FILL, "cancel")
_DECIDE_RETURN = (*_ASK, "approve", "reject", "receive", "exchange", "export")
_READ_RETURNS = {"orders.ReturnOrder": (*_LOOK, "export"), "orders.InvoiceRequest": (*_LOOK, "export")}
_WRITE_ORDER = (*CRUD, "submit", "cancel")
_AUDIT_ORDER = (*CRUD, "submit", "audit", "confirm", "release", "give_back", "cancel", "export", "import")

CONSULTANT = Role(
    "orders_consultant",
    _("Sales consultant"),
    {
        **_EVERYBODY,
        "orders.PriceList": _LOOK,
        "orders.Reservation": _WRITE_RESERVATION,
        "orders.Order": (*_WRITE_ORDER, "export"),
        "orders.ReturnOrder": _ASK,
        "orders.InvoiceRequest": _ASK,
    },
)
CLERK = Role(
    "orders_clerk",
    _("Order clerk"),
    {
        **_EVERYBODY,
        "orders.PriceList": (*CRUD, "export"),
        "orders.Reservation": (*_LOOK, "export"),
        "orders.Order": (*_WRITE_ORDER, "release", "export", "import"),
        "orders.ReturnOrder": (*_ASK, "receive", "exchange", "export"),
        "orders.InvoiceRequest": (*_ASK, "export"),
    },
)
SUPERVISOR = Role(
    "orders_supervisor",
    _("Sales supervisor"),
    {
        **_EVERYBODY,
        **_PRICES,
        "orders.Reservation": (*_WRITE_RESERVATION, "export"),
        "orders.Order": _AUDIT_ORDER,
        "orders.ReturnOrder": _DECIDE_RETURN,
        "orders.InvoiceRequest": (*_ASK, "export"),
    },
)
MANAGER = Role(
    "orders_manager",
    _("Sales manager"),
    {
        **_EVERYBODY,
        "orders.PriceList": (*CRUD, "approve", "end", "withdraw", "export"),
        "orders.Reservation": (*_WRITE_RESERVATION, "extend", "cancel", "export"),
        "orders.Order": (*_AUDIT_ORDER, "cancel_confirmed"),
        "orders.ReturnOrder": (*_DECIDE_RETURN, "approve_late"),
        "orders.InvoiceRequest": (*_ASK, "export"),
    },
)
VICE_PRESIDENT = Role(
    "orders_vice_president",
    _("Vice-president of marketing"),
    {
        **_EVERYBODY,
        **_PRICES,
        **_READ_RETURNS,
        "orders.Reservation": (*_LOOK, "export"),
        "orders.Order": (*_LOOK, "export"),
    },
)
GENERAL_MANAGER = Role(
    "orders_general_manager",
    _("General manager"),
    {
        **_EVERYBODY,
        **_READ_RETURNS,
        "orders.PriceList": (*_LOOK, "approve", "end", "withdraw", "export"),
        "orders.Reservation": (*_LOOK, "export"),
        "orders.Order": (*_LOOK, "export"),
    },
)
FINANCE = Role(
    "orders_finance",
    _("Order finance"),
    {
        **_EVERYBODY,
        **_PRICES,
        "orders.Reservation": (*_LOOK, "export"),
        "orders.Order": (*_LOOK, "audit_finance", "give_back", "export"),
        "orders.ReturnOrder": (*_LOOK, "refund", "export"),
        "orders.InvoiceRequest": (*_LOOK, "issue", "reject", "export"),
    },
)

ROLES = (CONSULTANT, CLERK, SUPERVISOR, MANAGER, VICE_PRESIDENT, GENERAL_MANAGER, FINANCE)
