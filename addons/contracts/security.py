"""Roles of contracts; the scope (own, team, unit, company) is chosen where a role is given to a person."""

from app.sdk.i18n import _
from app.sdk.security import CRUD, Role

_LOOK = ("list", "show")
_FILL = ("list", "show", "add", "edit")
_EVERYBODY = {"issues.Issue": _FILL, "statistics.Other": ("show",)}
_READ = {
    **_EVERYBODY,
    "contracts.Template": _LOOK,
    "contracts.Contract": _LOOK,
    "contracts.Party": _LOOK,
    "contracts.Review": _LOOK,
    "contracts.Obligation": _LOOK,
    "contracts.Incident": _LOOK,
    "contracts.Supplement": _LOOK,
    "contracts.Reading": ("show",),
    "contracts.Sample": ("show",),
}
_DRAFT = ("confirm_read", "submit", "send_up", "cancel", "sign", "check", "complete")
_SELL = {
    **_READ,
    "masterdata.Partner": _LOOK,  # Whom a contract can name: within the scope of the role.
    "contracts.Contract": (*_FILL, *_DRAFT),
    "contracts.Party": CRUD,
    "contracts.Obligation": (*_FILL, "perform"),
    "contracts.Incident": _FILL,
    "contracts.Supplement": (*_FILL, "sign", "cancel"),
}


def _reviewer(name: str, label: str, **more: tuple[str, ...]) -> Role:
    rights = {**_READ, "contracts.Review": (*_LOOK, "agree", "give_back", "export")}
    return Role(f"contracts_{name}", label, {**rights, **{f"contracts.{key}": value for key, value in more.items()}})


SALES = Role("contracts_sales", _("Contract author"), _SELL)
OFFICER = Role(
    "contracts_officer",
    _("Contract officer"),
    {
        **_SELL,
        "contracts.Template": (*CRUD, "put_in_force", "retire", "export"),
        "contracts.Contract": (*_FILL, *_DRAFT, "archive", "export"),
        "contracts.Obligation": (*_FILL, "perform", "export"),
    },
)
LEGAL = _reviewer("legal", _("Legal reviewer"))
FINANCE = _reviewer("finance", _("Finance reviewer"), Contract=(*_LOOK, "archive", "export"))
BRANCH = _reviewer("branch", _("Head of a branch"))
HEADQUARTERS = _reviewer("headquarters", _("Reviewer at headquarters"))
LEADER = Role(
    "contracts_leader",
    _("Leader who approves contracts"),
    {
        **_READ,
        "contracts.Contract": (*_LOOK, "approve", "give_back", "amend", "drop_amendment", "export"),
        "contracts.Incident": (*_LOOK, "close", "export"),
    },
)
MANAGER = Role(
    "contracts_manager",
    _("Contract manager"),
    {
        **_SELL,
        "contracts.Contract": (
            *(*_FILL, *_DRAFT, "give_back", "cancel_approved", "amend", "drop_amendment", "declare_breach", "cure"),
            *("terminate", "share", "archive", "export"),
        ),
        "contracts.Review": (*_LOOK, "export"),
        "contracts.Obligation": (*_FILL, "perform", "waive", "export"),
        "contracts.Incident": (*_FILL, "close", "export"),
        "contracts.Supplement": (*_FILL, "sign", "cancel", "export"),
    },
)

ROLES = (SALES, OFFICER, LEGAL, FINANCE, BRANCH, HEADQUARTERS, LEADER, MANAGER)
