"""The page on which customers, one or all of a leaver's, pass to another consultant."""

from typing import Any

from addons.reception import queries, services
from app.sdk.errors import Text
from app.sdk.i18n import _
from app.sdk.masterdata import find_receiver
from app.sdk.models import Employee, User
from app.sdk.views import Page


def transfer(*, actor: User, values: dict[str, str]) -> Text:
    """Give the ticked customers to the consultant chosen."""
    giver = queries.read_employee(values.get("giver", ""))
    receiver = queries.read_employee(values.get("receiver", ""))
    receiver = find_receiver(receiver.id if receiver is not None else None)
    ticked = (name.removeprefix("customer:") for name in values if name.startswith("customer:"))
    ids = [int(key) for key in ticked if key.isdecimal() and len(key) < 19]
    customers = queries.list_customers_of(giver, actor=actor, ids=ids) if giver is not None else []
    count = services.transfer_customers(
        customers, receiver=receiver, reason=values.get("reason", ""), actor=actor, now=queries.present_time()
    )
    return str(_("%(name)s has %(count)s customers more.")) % {"name": receiver.name, "count": count}


ACTIONS = {"transfer": ("transfer", transfer)}
LOOKUPS = {"employee": Employee}


class TransferPage(Page):
    """Shows somebody's customers and what goes along with them, and hands them on (S:REC-17)."""

    resource = "reception.Transfer"
    title = _("Transfer customers")
    template = "reception/transfer.html"
    actions = ACTIONS
    kept = ("giver", "receiver")
    lookups = LOOKUPS

    @staticmethod
    def context(*, actor: User, arguments: dict[str, str]) -> dict[str, Any]:
        """Return what the page shows."""
        return queries.transfer_of(actor=actor, arguments=arguments)
