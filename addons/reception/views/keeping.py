"""What waits for those who decide whose customer somebody is."""

import datetime as dt

from addons.reception import queries
from app.sdk.i18n import _
from app.sdk.models import User
from app.sdk.views import Tab
from app.sdk.workflow import Todo, TodoList


def _without_custodian(actor: User, _now: dt.datetime) -> list[Todo]:
    return [
        Todo(title=str(customer), resource="reception.Customer", record_id=customer.id)
        for customer in queries.list_without_custodian(actor=actor)
    ]


FORMER_OWNERS = Tab(
    "former_owners",
    _("Owners"),
    ("changed_at", "former_owner", "owner", "reason"),
    queries.ownership_rows,
    {"changed_at": _("Changed at"), "former_owner": _("From"), "owner": _("To"), "reason": _("Reason")},
    tells=("owner",),
)
GRANTS = Tab(
    "grants",
    _("Grants"),
    ("grantee", "valid_from", "valid_to"),
    queries.grant_rows,
    {"grantee": _("Colleague"), "valid_from": _("From day"), "valid_to": _("Until")},
)
FILES_WITHOUT_CUSTODIAN = TodoList(
    "reception.files_without_custodian",
    _("Name who keeps the file"),
    "user-cog",
    "reception.Customer",
    _without_custodian,
)
