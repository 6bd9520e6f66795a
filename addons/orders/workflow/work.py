"""The lives of requests to departments, of goods that are missing, and of changes of orders."""

from addons.orders.choices import ChangeState, RequestState, ShortageState
from addons.orders.models import OrderChange, Shortage, WorkRequest
from addons.orders.workflow.guards import is_not_own
from app.sdk.i18n import _
from app.sdk.workflow import Transition, Workflow

REQUEST_WORKFLOW = Workflow(
    WorkRequest,
    Transition("accept", RequestState.OPEN, RequestState.IN_PROGRESS, _("Accept"), icon="check", tone="primary"),
    Transition("finish", RequestState.IN_PROGRESS, RequestState.DONE, _("Done"), icon="check", tone="primary"),
    Transition(
        "call_off",
        (RequestState.OPEN, RequestState.IN_PROGRESS),
        RequestState.CANCELLED,
        _("Called off"),
        automatic=True,
    ),
    main_path=(RequestState.OPEN, RequestState.IN_PROGRESS, RequestState.DONE),
)

_MISSING = (ShortageState.OPEN, ShortageState.DATED)
SHORTAGE_WORKFLOW = Workflow(
    Shortage,
    Transition("promise", _MISSING, ShortageState.DATED, _("Say when they come"), icon="calendar", tone="primary"),
    Transition("cover", _MISSING, ShortageState.COVERED, _("They are there"), icon="check"),
    Transition(
        "reopen",
        (ShortageState.DATED, ShortageState.COVERED, ShortageState.CANCELLED),
        ShortageState.OPEN,
        _("Missing again"),
        automatic=True,
    ),
    Transition("call_off", _MISSING, ShortageState.CANCELLED, _("Called off"), automatic=True),
    main_path=(ShortageState.OPEN, ShortageState.DATED, ShortageState.COVERED),
)

CHANGE_WORKFLOW = Workflow(
    OrderChange,
    Transition("assess", ChangeState.DRAFT, ChangeState.ASSESSED, _("Assess"), icon="clipboard-check", tone="primary"),
    Transition(
        "approve",
        ChangeState.ASSESSED,
        ChangeState.APPROVED,
        _("Approve"),
        guard=is_not_own,
        icon="check",
        tone="primary",
    ),
    Transition("apply", ChangeState.APPROVED, ChangeState.APPLIED, _("Change the order"), icon="check", tone="primary"),
    Transition(
        "refuse",
        (ChangeState.DRAFT, ChangeState.ASSESSED, ChangeState.APPROVED),
        ChangeState.REFUSED,
        _("Refuse"),
        icon="x",
        tone="danger",
    ),
    terms=("order_id", "promised_on", "amount_before", "amount_after"),
)
