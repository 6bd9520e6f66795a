"""The life of a quotation (S:ORD-15)."""

import datetime as dt

from addons.orders.choices import QuotationState as State
from addons.orders.models import Quotation
from addons.orders.workflow.guards import is_not_own
from app.sdk.i18n import _
from app.sdk.models import User
from app.sdk.workflow import Refusal, Transition, Workflow


def still_holds(quotation: Quotation, *, actor: User, today: dt.date) -> Refusal | None:
    """Refuse what nobody can accept any more, even before the nightly job has marked it (P:QUO-08)."""
    if quotation.valid_until is None or today <= quotation.valid_until:
        return None
    return Refusal(
        "quotation.expired", _("It held until %(day)s. Write a new quotation."), data={"day": quotation.valid_until}
    )


QUOTATION_WORKFLOW = Workflow(
    Quotation,
    Transition("approve_prices", State.DRAFT, None, _("Approve the prices"), guard=is_not_own, icon="shield-check"),
    Transition("send", State.DRAFT, State.SENT, _("Sent"), icon="send", tone="primary"),
    Transition(
        "accept", State.SENT, State.ACCEPTED, _("Accepted"), guard=still_holds, icon="heart-handshake", tone="primary"
    ),
    Transition("negotiate", State.SENT, State.DRAFT, _("Negotiate anew"), icon="pencil", tone="quiet"),
    Transition("make_reservation", State.ACCEPTED, State.ORDERED, _("Make the reservation"), icon="file-text"),
    Transition("make_order", State.ACCEPTED, State.ORDERED, _("Make the order"), icon="package"),
    Transition("print", (State.SENT, State.ACCEPTED, State.ORDERED), None, _("Print"), icon="printer", tone="quiet"),
    Transition("expire", State.SENT, State.EXPIRED, _("Expired"), automatic=True),
    Transition("lose", (State.DRAFT, State.SENT, State.ACCEPTED), State.LOST, _("Lost"), icon="x", tone="danger"),
    main_path=(State.DRAFT, State.SENT, State.ACCEPTED, State.ORDERED),
    terms=("gross", "partner_id"),
)
