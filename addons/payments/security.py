"""Roles of payments; the scope (own, team, unit, company) is chosen where a role is given to a person."""

from app.sdk.i18n import _
from app.sdk.security import CRUD, Role

_LOOK = ("list", "show")
_FILL = ("list", "show", "add", "edit")
_DECIDE = ("list", "show", "approve", "refuse", "export")  # Change requests of others (S:CORE-10).
_EVERYBODY = {
    "issues.Issue": _FILL,
    "statistics.Other": ("show",),
    "masterdata.Partner": _LOOK,  # Whose money it is: within the scope of the role.
}
_SETTLE = ("match", "settle", "settle_oldest", "print")
_SETTINGS = {"payments.Place": _LOOK, "payments.Method": _LOOK}
_BANK = {
    "payments.BankImport": ("show", "edit"),
    "payments.BankDesk": ("show", "edit"),
    "payments.BankStatement": (*_LOOK, "delete", "take_in", "export"),
    "payments.BankLine": (*_LOOK, "match", "advance", "park", "connect", "ignore", "take_back", "export"),
}

CASHIER = Role(
    "payments_cashier",
    _("Cashier"),
    {
        **_EVERYBODY,
        **_SETTINGS,
        "payments.Receivable": _LOOK,
        "payments.Receipt": (*CRUD, "post", *_SETTLE),
        "payments.Refund": (*_LOOK, "export"),
        "payments.CashDay": (*_LOOK, "submit", "export"),
        "payments.Shift": (*_LOOK, "add", "hand_over"),
    },
)
ACCOUNTANT = Role(
    "payments_accountant",
    _("Accountant"),
    {
        **_EVERYBODY,
        **_SETTINGS,
        **_BANK,
        "payments.Receivable": (*CRUD, "open", "dun", "cancel", "export"),
        "payments.Receipt": (*CRUD, "post", *_SETTLE, "refund", "transfer", "audit", "void", "see_personal", "export"),
        "payments.Refund": (*_LOOK, "void", "export"),
        "payments.Posting": (*_LOOK, "export"),
        "payments.CashDay": (*_LOOK, "submit", "reconcile", "give_back", "export"),
        "payments.Shift": (*_LOOK, "add", "hand_over", "export"),
        "payments.Period": (*_LOOK, "close", "export"),
        "payments.BadDebt": (*_FILL, "export"),
        "payments.Invoice": (*_FILL, "audit", "red_letter", "void", "export"),
        "payments.Recovery": (*_FILL, "assess", "export"),
    },
)
MANAGER = Role(
    "payments_manager",
    _("Finance manager"),
    {
        **_EVERYBODY,
        **_BANK,
        "payments.ReceiptDesign": ("show", "edit"),
        "changes.ChangeRequest": _DECIDE,
        "payments.Place": (*CRUD, "export"),
        "payments.Method": (*CRUD, "export"),
        "payments.Receivable": (*CRUD, "open", "dun", "cancel", "export"),
        "payments.Receipt": (
            *CRUD,
            *(
                "post",
                *_SETTLE,
                "refund",
                "forfeit",
                "transfer",
                "audit",
                "lift_audit",
                "void",
                "see_personal",
                "export",
            ),
        ),
        "payments.Refund": (*_LOOK, "void", "export"),
        "payments.Posting": (*_LOOK, "export"),
        "payments.CashDay": (*_LOOK, "submit", "reconcile", "give_back", "export"),
        "payments.Shift": (*_LOOK, "add", "hand_over", "export"),
        "payments.Period": (*_LOOK, "close", "reopen", "export"),
        "payments.BadDebt": (*_FILL, "approve", "reject", "write_off", "recover", "export"),
        "payments.Invoice": (*_FILL, "audit", "red_letter", "void", "export"),
        "payments.Recovery": (*_FILL, "assess", "close", "export"),
    },
)

ROLES = (CASHIER, ACCOUNTANT, MANAGER)
