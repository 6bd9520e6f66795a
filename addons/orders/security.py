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
}
_PRICES = {"orders.PriceList": (*_LOOK, "export")}
_WRITE_QUOTATION = (*CRUD, "send", "accept", "negotiate", "make_reservation", "make_order", "lose", "print")
_SEE_QUOTATION = (*_LOOK, "print", "export")
_ASK_DISCOUNT = (*_FILL, "submit", "finish_review", "issue", "revise", "withdraw", "export")
_SEE_DISCOUNT = (*_LOOK, "export")
_WRITE_RESERVATION = (*_FILL, "make_ready", "sign", "amend", "discard", "make_order")
_WRITE_ORDER = (*CRUD, "submit", "cancel")
_AUDIT_ORDER = (*CRUD, "submit", "audit", "confirm", "release", "give_back", "cancel", "export")

CONSULTANT = Role(
    "orders_consultant",
    _("Sales consultant"),
    {
        **_EVERYBODY,
        "orders.PriceList": _LOOK,
        "orders.Reservation": _WRITE_RESERVATION,
        "orders.Order": (*_WRITE_ORDER, "export"),
        "orders.Quotation": _WRITE_QUOTATION,
        "orders.DiscountRequest": _LOOK,
    },
)
CLERK = Role(
    "orders_clerk",
    _("Order clerk"),
    {
        **_EVERYBODY,
        "orders.PriceList": (*CRUD, "export"),
        "orders.Reservation": (*_LOOK, "export"),
        "orders.Order": (*_WRITE_ORDER, "release", "export"),
        "orders.Quotation": _SEE_QUOTATION,
        "orders.DiscountRequest": _SEE_DISCOUNT,
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
        "orders.Quotation": (*_WRITE_QUOTATION, "export"),
        "orders.DiscountRequest": _ASK_DISCOUNT,
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
        "orders.Quotation": (*_WRITE_QUOTATION, "approve_prices", "export"),
        "orders.DiscountRequest": _SEE_DISCOUNT,
    },
)
VICE_PRESIDENT = Role(
    "orders_vice_president",
    _("Vice-president of marketing"),
    {
        **_EVERYBODY,
        **_PRICES,
        "orders.Reservation": (*_LOOK, "export"),
        "orders.Order": (*_LOOK, "export"),
        "orders.Quotation": (*_SEE_QUOTATION, "approve_prices"),
        "orders.DiscountRequest": (*_SEE_DISCOUNT, "forward"),
    },
)
GENERAL_MANAGER = Role(
    "orders_general_manager",
    _("General manager"),
    {
        **_EVERYBODY,
        "orders.PriceList": (*_LOOK, "approve", "end", "withdraw", "export"),
        "orders.Reservation": (*_LOOK, "export"),
        "orders.Order": (*_LOOK, "export"),
        "orders.Quotation": (*_SEE_QUOTATION, "approve_prices"),
        "orders.DiscountRequest": (*_SEE_DISCOUNT, "approve", "grant_less", "reject", "give_back"),
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
        "orders.Quotation": _SEE_QUOTATION,
        "orders.DiscountRequest": _SEE_DISCOUNT,
    },
)

ROLES = (CONSULTANT, CLERK, SUPERVISOR, MANAGER, VICE_PRESIDENT, GENERAL_MANAGER, FINANCE)
