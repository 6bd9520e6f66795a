"""The life of a sales order."""

from addons.orders.choices import BOUND_ORDERS, CHECKED_ORDERS, OrderForm
from addons.orders.choices import OrderState as State
from addons.orders.models import Order
from addons.orders.parameters import TWO_AUDITS
from addons.orders.workflow.guards import is_not_own
from app.sdk.i18n import _
from app.sdk.models import User
from app.sdk.workflow import Refusal, Transition, Workflow


def needs_finance(order: Order, *, actor: User) -> Refusal | None:
    """Refuse the second audit where the company does with one (S:ORD-21)."""
    if TWO_AUDITS.value(order.doc_date):
        return None
    return Refusal("order.one_audit", _("The company audits orders once only. It can be confirmed."))


def finance_has_audited(order: Order, *, actor: User) -> Refusal | None:
    """Refuse to confirm before the second audit, where the company asks for it (S:ORD-21)."""
    if order.state is not State.AUDITED or not TWO_AUDITS.value(order.doc_date):
        return None
    return Refusal("order.finance_first", _("Finance audits it first."))


def is_unwritten(order: Order, *, actor: User) -> Refusal | None:
    """Refuse the written record of what was written from the start, or was put in writing already (S:ORD-01)."""
    if order.form is OrderForm.VERBAL and order.written_at is None:
        return None
    return Refusal("order.written", _("It is in writing."))


def is_unfiled(order: Order, *, actor: User) -> Refusal | None:
    """Refuse to file papers twice."""
    if order.filed_on is None:
        return None
    return Refusal("order.filed", _("Its papers were filed on %(day)s."), data={"day": order.filed_on})


_AUDITED = (State.AUDITED, State.FINANCE_AUDITED)
_ON_ITS_WAY = (State.SHIPPED, State.PART_DELIVERED)
ORDER_WORKFLOW = Workflow(
    Order,
    Transition("submit", State.DRAFT, State.SUBMITTED, _("Submit"), icon="send", tone="primary"),
    Transition(
        "audit", State.SUBMITTED, State.AUDITED, _("Audit"), guard=is_not_own, icon="clipboard-check", tone="primary"
    ),
    Transition(
        "audit_finance",
        State.AUDITED,
        State.FINANCE_AUDITED,
        _("Finance audit"),
        guard=(needs_finance, is_not_own),
        icon="landmark",
        tone="primary",
    ),
    Transition(
        "confirm", _AUDITED, State.CONFIRMED, _("Confirm"), guard=finance_has_audited, icon="check", tone="primary"
    ),
    Transition("release", State.CONFIRMED, State.RELEASED, _("Release"), icon="package", tone="primary"),
    Transition("check", CHECKED_ORDERS, None, _("Note a check"), icon="list-checks", tone="quiet"),
    Transition(
        "note_shortage",
        CHECKED_ORDERS,
        None,
        _("Note missing goods"),
        icon="package-x",
        tone="quiet",
        confirm=_("How many are missing of which line. An order of one line needs no number."),
    ),
    Transition(
        "override_check", CHECKED_ORDERS, None, _("Override a check"), guard=is_not_own, icon="shield", tone="danger"
    ),
    Transition(
        "record_writing",
        (State.DRAFT, *CHECKED_ORDERS, State.CONFIRMED, State.RELEASED),
        None,
        _("Put in writing"),
        guard=is_unwritten,
        icon="pen-line",
        tone="quiet",
    ),
    Transition("ship", (State.RELEASED, *_ON_ITS_WAY), None, _("Ship"), icon="truck", tone="primary"),
    Transition("deliver", _ON_ITS_WAY, None, _("Signed for"), icon="check", tone="primary"),
    Transition("note_shipped", State.RELEASED, State.SHIPPED, _("Shipped"), automatic=True),
    Transition("note_part_delivered", State.SHIPPED, State.PART_DELIVERED, _("Part delivered"), automatic=True),
    Transition("note_delivered", _ON_ITS_WAY, State.DELIVERED, _("Delivered"), automatic=True),
    Transition("note_progress", BOUND_ORDERS, None, _("Tell the progress"), icon="message-square", tone="quiet"),
    Transition(
        "hand_over_papers",
        (State.RELEASED, *_ON_ITS_WAY, State.DELIVERED),
        None,
        _("Hand over papers"),
        icon="file-check",
        tone="quiet",
        confirm=_("Left blank, all papers that are still missing are handed over, today."),
    ),
    Transition("close", State.DELIVERED, State.CLOSED, _("Close"), icon="lock", tone="primary"),
    Transition("file_papers", State.CLOSED, None, _("File the papers"), guard=is_unfiled, icon="archive"),
    Transition("reopen", (State.CONFIRMED, State.RELEASED), State.DRAFT, _("Take back"), icon="undo-2", tone="danger"),
    Transition(
        "close_short", State.PART_DELIVERED, State.DELIVERED, _("Do without the rest"), icon="scissors", tone="danger"
    ),
    Transition("give_back", (State.SUBMITTED, *_AUDITED), State.DRAFT, _("Return"), icon="undo-2", tone="danger"),
    Transition(
        "cancel", (State.DRAFT, State.SUBMITTED, *_AUDITED), State.CANCELLED, _("Cancel"), icon="x", tone="danger"
    ),
    Transition(
        "cancel_confirmed", (State.CONFIRMED, State.RELEASED), State.CANCELLED, _("Cancel"), icon="x", tone="danger"
    ),
    main_path=(
        *(State.DRAFT, State.SUBMITTED, State.AUDITED, State.FINANCE_AUDITED, State.CONFIRMED, State.RELEASED),
        *(State.SHIPPED, State.DELIVERED, State.CLOSED),
    ),
    detours={State.PART_DELIVERED: State.DELIVERED},
    terms=("gross", "partner_id", "promised_on", "payment_method"),
)
