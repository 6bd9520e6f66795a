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
_WRITE_QUOTATION = (*CRUD, "send", "accept", "negotiate", "make_reservation", "make_order", "lose", "print")
_SEE_QUOTATION = (*_LOOK, "print", "export")
_ASK_DISCOUNT = (*_FILL, "submit", "finish_review", "issue", "revise", "withdraw", "export")
_SEE_DISCOUNT = (*_LOOK, "export")
_DECIDE_DISCOUNT = (*_SEE_DISCOUNT, "approve", "grant_less", "reject", "give_back")  # Whose rank the company says.
_SEE_RESERVATION = (*_READ, "print")
_WRITE_RESERVATION = (*_FILL, "make_ready", "print", "sign", "amend", "discard", "make_order")
_WRITE_ORDER = (
    *(*CRUD, "submit", "cancel", "record_writing", "note_progress", "hand_over_papers", "close", "file_papers"),
    "export",
)
_CARRY_OUT = ("check", "note_shortage", "release", "ship", "deliver")
_AUDIT_ORDER = (*_WRITE_ORDER, *_CARRY_OUT, "audit", "confirm", "give_back", "import")
_KEEP = (*CRUD, "export")
_WORK = (*_READ, "accept", "finish")
_FILL_UP = (*_READ, "promise", "cover")
_ASK = (*_FILL, "cancel", "export")
_DECIDE_RETURN = (*_ASK, "approve", "reject", "receive", "exchange")
_BOOKS = {
    "orders.CustomerTerms": _READ,
    "orders.Guarantee": _READ,
    "orders.WorkRequest": _READ,
    "orders.Shortage": _READ,
    "orders.RequiredPaper": _LOOK,
    "orders.OrderChange": _READ,
    "orders.AgreedDeal": _READ,
    "orders.SaleRecord": _READ,
    "orders.ReturnOrder": _READ,
    "orders.InvoiceRequest": _READ,
}
_WRITE_BOOKS = {
    **_BOOKS,
    "orders.Guarantee": (*_FILL, "export"),
    "orders.OrderChange": (*_FILL, "export"),
    "orders.SaleRecord": (*_FILL, "export"),
    "orders.ReturnOrder": _ASK,
    "orders.InvoiceRequest": _ASK,
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
        "orders.Quotation": _WRITE_QUOTATION,
        "orders.DiscountRequest": _LOOK,
    },
)
CLERK = Role(
    "orders_clerk",
    _("Order clerk"),
    {
        **_EVERYBODY,
        **_WRITE_BOOKS,
        "orders.PriceList": _KEEP,
        "orders.Reservation": _SEE_RESERVATION,
        "orders.Order": (*_WRITE_ORDER, *_CARRY_OUT, "import"),
        "orders.ReturnOrder": (*_ASK, "receive", "exchange"),
        "orders.OrderChange": (*_FILL, "assess", "apply", "export"),
        "orders.WorkRequest": _WORK,
        "orders.Shortage": _FILL_UP,
        "orders.Quotation": _SEE_QUOTATION,
        "orders.DiscountRequest": _SEE_DISCOUNT,
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
        "orders.ReturnOrder": _DECIDE_RETURN,
        "orders.OrderChange": (*_FILL, "assess", "apply", "export"),
        "orders.Quotation": (*_WRITE_QUOTATION, "export"),
        "orders.DiscountRequest": _ASK_DISCOUNT,
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
        "orders.ReturnOrder": (*_DECIDE_RETURN, "approve_late"),
        "orders.OrderChange": (*_FILL, "assess", "approve", "apply", "refuse", "export"),
        "orders.CustomerTerms": _KEEP,
        "orders.DispatchRule": _KEEP,
        "orders.RequiredPaper": _KEEP,
        "orders.WorkRequest": _WORK,
        "orders.Shortage": _FILL_UP,
        "orders.Quotation": (*_WRITE_QUOTATION, "approve_prices", "export"),
        "orders.DiscountRequest": _DECIDE_DISCOUNT,
    },
)
VICE_PRESIDENT = Role(
    "orders_vice_president",
    _("Vice-president of marketing"),
    {
        **_EVERYBODY,
        **_BOOKS,
        "orders.PriceList": _READ,
        "orders.Reservation": _SEE_RESERVATION,
        "orders.Order": (*_READ, "override_check"),
        "orders.Quotation": (*_SEE_QUOTATION, "approve_prices"),
        "orders.DiscountRequest": (*_DECIDE_DISCOUNT, "forward"),
    },
)
GENERAL_MANAGER = Role(
    "orders_general_manager",
    _("General manager"),
    {
        **_EVERYBODY,
        **_BOOKS,
        "orders.PriceList": (*_READ, "approve", "end", "withdraw"),
        "orders.Reservation": _SEE_RESERVATION,
        "orders.Order": (*_READ, "override_check"),
        "orders.Quotation": (*_SEE_QUOTATION, "approve_prices"),
        "orders.DiscountRequest": _DECIDE_DISCOUNT,
    },
)
FINANCE = Role(
    "orders_finance",
    _("Order finance"),
    {
        **_EVERYBODY,
        **_BOOKS,
        "orders.PriceList": _READ,
        "orders.Reservation": _SEE_RESERVATION,
        "orders.Order": (*_READ, "audit_finance", "give_back"),
        "orders.ReturnOrder": (*_READ, "refund"),
        "orders.InvoiceRequest": (*_READ, "issue", "reject"),
        "orders.CustomerTerms": _KEEP,
        "orders.Guarantee": (*_FILL, "export"),
        "orders.Quotation": _SEE_QUOTATION,
        "orders.DiscountRequest": _SEE_DISCOUNT,
    },
)
DEPARTMENT = Role(
    "orders_department",
    _("Department that works on orders"),
    {**_EVERYBODY, "orders.WorkRequest": _WORK, "orders.Shortage": _FILL_UP},
)

ROLES = (CONSULTANT, CLERK, SUPERVISOR, MANAGER, VICE_PRESIDENT, GENERAL_MANAGER, FINANCE, DEPARTMENT)
