"""The life of a discount request (P:PRI-03 to P:PRI-08).

Who reviews it is a chain of the company on `finish_review`; a step is an opinion only where no reviewer may refuse.
"""

from addons.orders.choices import LIVE_DISCOUNTS
from addons.orders.choices import DiscountState as State
from addons.orders.models import DiscountRequest
from addons.orders.parameters import DISCOUNT_DECIDER, DISCOUNT_DECIDERS
from addons.orders.workflow.guards import is_not_own
from app.sdk.errors import NotAllowed
from app.sdk.i18n import _
from app.sdk.models import User
from app.sdk.security import holds_role
from app.sdk.workflow import Refusal, Transition, Workflow


def decides(request: DiscountRequest, *, actor: User) -> Refusal | None:
    """Refuse whoever ranks below those who decide on discounts in this company (P:PRI-07)."""
    ranks = list(DISCOUNT_DECIDERS)
    least = DISCOUNT_DECIDER.value(request.doc_date)
    below, enough = ranks[: ranks.index(least)], ranks[ranks.index(least) :]
    if any(holds_role(actor, role) for role in enough) or not any(holds_role(actor, role) for role in below):
        return None  # A role of the company's own has its rights from the company.
    return Refusal(
        "discount.decider",
        _("Discounts are decided by: %(role)s."),
        error=NotAllowed,
        data={"role": DISCOUNT_DECIDERS[least]},
    )


_DECIDES = (decides, is_not_own)
DISCOUNT_WORKFLOW = Workflow(
    DiscountRequest,
    Transition("submit", State.DRAFT, State.REVIEWING, _("Submit"), icon="send", tone="primary"),
    Transition("finish_review", State.REVIEWING, State.REVIEWED, _("Have it reviewed"), icon="clipboard-check"),
    Transition("forward", State.REVIEWED, State.DECIDING, _("Report to the general manager"), icon="send"),
    Transition("forward_now", State.REVIEWED, State.DECIDING, _("Reported to the general manager"), automatic=True),
    Transition("approve", State.DECIDING, State.APPROVED, _("Approve"), guard=_DECIDES, icon="check", tone="primary"),
    Transition("grant_less", State.DECIDING, State.APPROVED, _("Grant less"), guard=_DECIDES, icon="pencil"),
    Transition("reject", State.DECIDING, State.REJECTED, _("Reject"), guard=_DECIDES, icon="x", tone="danger"),
    Transition("give_back", State.DECIDING, State.DRAFT, _("Return"), guard=_DECIDES, icon="undo-2", tone="danger"),
    Transition("issue", State.APPROVED, State.ISSUED, _("Issue to the salesperson"), icon="send", tone="primary"),
    Transition("issue_now", State.APPROVED, State.ISSUED, _("Issued to the salesperson"), automatic=True),
    Transition("revise", (State.REVIEWING, State.REVIEWED), State.DRAFT, _("Revise"), icon="pencil", tone="quiet"),
    Transition(
        "withdraw",
        (State.DRAFT, State.REVIEWING, State.REVIEWED, State.DECIDING),
        State.WITHDRAWN,
        _("Withdraw"),
        icon="x",
        tone="danger",
    ),
    Transition("fall_away", LIVE_DISCOUNTS, State.WITHDRAWN, _("The reservation came to nothing"), automatic=True),
    main_path=(State.DRAFT, State.REVIEWING, State.DECIDING, State.APPROVED, State.ISSUED),
    detours={State.REVIEWED: State.DECIDING},
    terms=("net", "list_total", "partner_id"),
)
