"""Roles of orders; the scope (own, team, unit, company) is chosen where a role is given to a person."""

from app.sdk.i18n import _
from app.sdk.security import CRUD, Role

_LOOK = ("list", "show")
_READ = (*_LOOK, "export")
_FILL = ("list", "show", "add", "edit")
_EVERYBODY = {
    "issues.Issue": _FILL,
    "statistics.Other": ("show",),
    "masterdata.Partner": _LOOK,
    "masterdata.Product": _LOOK,
    "masterdata.SellableItem": _LOOK,
}
_WRITE_RESERVATION = (*_FILL, "make_ready", "sign", "amend", "discard", "make_order")
_WRITE_ORDER = (*CRUD, "submit", "cancel", "record_writing", "note_progress", "close", "file_papers", "export")
_CARRY_OUT = ("check", "release", "ship", "deliver")
_AUDIT_ORDER = (*_WRITE_ORDER, *_CARRY_OUT, "audit", "confirm", "give_back")
_KEEP = (*CRUD, "export")
_BOOKS = {
    "orders.CustomerTerms": _READ,
    "orders.Guarantee": _READ,
    "orders.WorkRequest": _READ,
    "orders.OrderChange": _READ,
    "orders.AgreedDeal": _READ,
    "orders.SaleRecord": _READ,
}
_WRITE_BOOKS = {
    **_BOOKS,
    "orders.Guarantee": (*_FILL, "export"),
    "orders.OrderChange": (*_FILL, "export"),
    "orders.SaleRecord": (*_FILL, "export"),
}

CONSULTANT = Role(
    "orders_consultant",
    _("Sales consultant"),
    {
        **_EVERYBODY,
        **_WRITE_BOOKS,
        "orders.PriceList": _LOOK,
        "orders.Reservation": _WRITE_RESERVATION,
        "orders.Order": _WRITE_ORDER,
    },
)
CLERK = Role(
    "orders_clerk",
    _("Order clerk"),
    {
        **_EVERYBODY,
        **_WRITE_BOOKS,
        "orders.PriceList": _KEEP,
        "orders.Reservation": _READ,
        "orders.Order": (*_WRITE_ORDER, *_CARRY_OUT),
        "orders.OrderChange": (*_FILL, "assess", "apply", "export"),
        "orders.WorkRequest": (*_READ, "accept", "finish"),
    },
)
SUPERVISOR = Role(
    "orders_supervisor",
    _("Sales supervisor"),
    {
        **_EVERYBODY,
        **_WRITE_BOOKS,
        "orders.PriceList": _READ,
        "orders.Reservation": (*_WRITE_RESERVATION, "export"),
        "orders.Order": _AUDIT_ORDER,
        "orders.OrderChange": (*_FILL, "assess", "apply", "export"),
    },
)
MANAGER = Role(
    "orders_manager",
    _("Sales manager"),
    {
        **_EVERYBODY,
        **_WRITE_BOOKS,
        "orders.PriceList": (*_KEEP, "approve", "end", "withdraw"),
        "orders.Reservation": (*_WRITE_RESERVATION, "extend", "cancel", "export"),
        "orders.Order": (*_AUDIT_ORDER, "cancel_confirmed", "reopen", "close_short"),
        "orders.OrderChange": (*_FILL, "assess", "approve", "apply", "refuse", "export"),
        "orders.CustomerTerms": _KEEP,
        "orders.DispatchRule": _KEEP,
        "orders.WorkRequest": (*_READ, "accept", "finish"),
    },
)
VICE_PRESIDENT = Role(
    "orders_vice_president",
    _("Vice-president of marketing"),
    {
        **_EVERYBODY,
        **_BOOKS,
        "orders.PriceList": _READ,
        "orders.Reservation": _READ,
        "orders.Order": (*_READ, "override_check"),
    },
)
GENERAL_MANAGER = Role(
    "orders_general_manager",
    _("General manager"),
    {
        **_EVERYBODY,
        **_BOOKS,
        "orders.PriceList": (*_READ, "approve", "end", "withdraw"),
        "orders.Reservation": _READ,
        "orders.Order": (*_READ, "override_check"),
    },
)
FINANCE = Role(
    "orders_finance",
    _("Order finance"),
    {
        **_EVERYBODY,
        **_BOOKS,
        "orders.PriceList": _READ,
        "orders.Reservation": _READ,
        "orders.Order": (*_READ, "audit_finance", "give_back"),
        "orders.CustomerTerms": _KEEP,
        "orders.Guarantee": (*_FILL, "export"),
    },
)
DEPARTMENT = Role(
    "orders_department",
    _("Department that works on orders"),
    {**_EVERYBODY, "orders.WorkRequest": (*_READ, "accept", "finish")},
)

ROLES = (CONSULTANT, CLERK, SUPERVISOR, MANAGER, VICE_PRESIDENT, GENERAL_MANAGER, FINANCE, DEPARTMENT)
