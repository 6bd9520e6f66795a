"""Roles of reception; the scope (own, team, unit, company) is chosen where a role is given to a person."""

from app.sdk.i18n import _
from app.sdk.security import CRUD, Role

_FILL = ("list", "show", "add", "edit")
_LOOK = ("list", "show")
_CARE = ("follow_up", "review", "send_sms")  # What keeps a file true, and the customer in touch.
_NEGOTIATE = (*_FILL, "close", "cancel", "win", "lose")
_RESUME = ("resume", "undo")  # What was settled is opened again by a superior.
_OWN_FILES = {
    "reception.Contact": CRUD,
    "reception.CardScan": (*_FILL, "file", "discard"),
    "reception.FollowUp": _LOOK,
    "reception.Negotiation": _NEGOTIATE,
    "reception.EntryAudit": (*_LOOK, "ask"),
    "reception.Category": _LOOK,
    "reception.Grading": _LOOK,
    "reception.SmsMessage": _LOOK,
    "reception.SmsTemplate": _LOOK,
}
# Everybody reports problems, and makes statistics of what he may list; the manager goes to the leader (P:COR-06).
_DECIDE = ("list", "show", "approve", "refuse", "export")  # Change requests of others (S:CORE-10).
_EVERYBODY = {"issues.Issue": _FILL, "statistics.Other": ("show",)}
_RECEIVE = (*_FILL, "start", "record", "assess", "print", "cancel")

CONSULTANT = Role(
    "reception_consultant",
    _("Sales consultant"),
    {
        "reception.Customer": (*_FILL, "submit", *_CARE),
        **_OWN_FILES,
        **_EVERYBODY,
        "reception.Reception": _RECEIVE,
        "reception.Inquiry": (*_FILL, "receive", "open_file", "close"),
        "reception.Promise": (*_FILL, "withdraw"),
        "reception.Desk": ("show", "take", "set_duty", "print_day"),
    },
)
DESK = Role(
    "reception_desk",
    _("Front desk clerk"),
    {
        **_EVERYBODY,
        "reception.Customer": ("list", "show", "add"),
        "reception.Reception": (*_FILL, "start", "cancel", "print", "export"),
        "reception.Inquiry": (*_FILL, "receive", "open_file", "close"),
        "reception.TurnQueue": ("list", "show", "edit"),
        "reception.Desk": ("show", "take", "set_duty", "print_day"),
    },
)
SUPERVISOR = Role(
    "reception_supervisor",
    _("Sales supervisor"),
    {
        "reception.Customer": (
            *(*_FILL, "submit", "register", "confirm", "reject", "grant", "end_grant", "see_personal"),
            *_CARE,
        ),
        **_OWN_FILES,
        **_EVERYBODY,
        "reception.Negotiation": (*_NEGOTIATE, *_RESUME),
        "changes.ChangeRequest": _DECIDE,
        "reception.Reception": (*_RECEIVE, "close", "see_personal", "export"),
        "reception.Inquiry": (*_FILL, "receive", "open_file", "close", "see_personal", "export"),
        "reception.Promise": (*_FILL, "withdraw", "export"),
        "reception.TurnQueue": (*_FILL,),
        "reception.Desk": ("show", "take", "set_duty", "print_day"),
    },
)
MARKETING_SUPERVISOR = Role(
    "reception_marketing_supervisor",
    _("Marketing supervisor"),
    {
        "reception.Customer": (*_LOOK, "confirm", "reject", "see_personal"),
        "reception.FollowUp": (*_LOOK, "export"),
        "reception.Negotiation": (*_LOOK, "export"),
        "reception.Reception": (*_LOOK, "export"),
        "reception.Inquiry": (*_LOOK, "export"),
    },
)
SERVICE_SUPERVISOR = Role(
    "reception_service_supervisor",
    _("Customer-service supervisor"),
    {"reception.Customer": (*_LOOK, "edit", "see_personal"), "reception.Reception": _LOOK},
)
MANAGER = Role(
    "reception_manager",
    _("Sales manager"),
    {
        "reception.Customer": (
            *CRUD,
            *("submit", "register", "confirm", "reject", "assign_custodian", "erase", "see_personal"),
            *("transfer", "grant", "end_grant"),
            *("export", "import"),  # Nobody else takes customers out of the system, or brings them in (S:CORE-13).
            *(*_CARE, "flag_key", "propose_grade"),
        ),
        **_OWN_FILES,
        "reception.Contact": (*CRUD, "see_personal", "export"),
        "reception.FollowUp": (*_LOOK, "export"),
        "reception.Negotiation": (*_NEGOTIATE, *_RESUME, "export"),
        "reception.Category": (*CRUD, "export"),
        "reception.Grading": (*_LOOK, "accept", "reject", "export"),
        "reception.SmsMessage": (*_LOOK, "see_personal", "export"),
        "reception.SmsTemplate": (*CRUD, "export"),
        "reception.SmsGateway": (*CRUD, "export"),
        "reception.EntryAudit": (*_LOOK, "ask", "verify", "give_back", "export"),
        "reception.Reception": (*CRUD, *_RECEIVE[4:], "close", "see_personal", "export"),
        "reception.Transfer": ("show", "transfer"),
        "issues.Issue": (*_FILL, "escalate", "close", "export"),
        "changes.ChangeRequest": _DECIDE,
        "statistics.Monitor": ("show",),
        "statistics.Other": ("show",),
        "masterdata.Partner": (*_LOOK, "see_personal"),
        "masterdata.Duplicates": ("show", "merge"),
        "reception.Inquiry": (*CRUD, "receive", "open_file", "close", "see_personal", "export"),
        "reception.Promise": (*CRUD, "approve", "reject", "withdraw", "export"),
        "reception.TurnQueue": CRUD,
        "reception.Desk": ("show", "take", "set_duty", "print_day"),
    },
)

ROLES = (CONSULTANT, DESK, SUPERVISOR, MARKETING_SUPERVISOR, SERVICE_SUPERVISOR, MANAGER)
