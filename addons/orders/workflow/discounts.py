"""The life of a discount request (P:PRI-03 to P:PRI-08).

Who reviews it is a chain of the company on `finish_review`; a step is an opinion only where no reviewer may refuse.
"""

from addons.orders.choices import LIVE_DISCOUNTS
from addons.orders.choices import DiscountState as State
from addons.orders.models import DiscountRequest
from addons.orders.workflow.guards import is_not_own
from app.sdk.i18n import _
from app.sdk.workflow import Transition, Workflow

DISCOUNT_WORKFLOW = Workflow(
    DiscountRequest,
    Transition("submit", State.DRAFT, State.REVIEWING, _("Submit"), icon="send", tone="primary"),
    Transition("finish_review", State.REVIEWING, State.REVIEWED, _("Have it reviewed"), icon="clipboard-check"),
    Transition("forward", State.REVIEWED, State.DECIDING, _("Report to the general manager"), icon="send"),
    Transition("forward_now", State.REVIEWED, State.DECIDING, _("Reported to the general manager"), automatic=True),
    Transition("approve", State.DECIDING, State.APPROVED, _("Approve"), guard=is_not_own, icon="check", tone="primary"),
    Transition("grant_less", State.DECIDING, State.APPROVED, _("Grant less"), guard=is_not_own, icon="pencil"),
    Transition("reject", State.DECIDING, State.REJECTED, _("Reject"), guard=is_not_own, icon="x", tone="danger"),
    Transition("give_back", State.DECIDING, State.DRAFT, _("Return"), guard=is_not_own, icon="undo-2", tone="danger"),
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
    terms=("net", "list_total", "partner_id"),
)
