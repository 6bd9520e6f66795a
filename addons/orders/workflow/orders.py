"""The life of a sales order."""

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


_AUDITED = (State.AUDITED, State.FINANCE_AUDITED)
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
    Transition("give_back", (State.SUBMITTED, *_AUDITED), State.DRAFT, _("Return"), icon="undo-2", tone="danger"),
    Transition(
        "cancel", (State.DRAFT, State.SUBMITTED, *_AUDITED), State.CANCELLED, _("Cancel"), icon="x", tone="danger"
    ),
    Transition(
        "cancel_confirmed",
        (State.CONFIRMED, State.RELEASED),
        State.CANCELLED,
        _("Cancel the confirmed order"),
        icon="x",
        tone="danger",
    ),
    main_path=(
        *(State.DRAFT, State.SUBMITTED, State.AUDITED, State.FINANCE_AUDITED, State.CONFIRMED, State.RELEASED),
        *(State.SHIPPED, State.DELIVERED, State.CLOSED),
    ),
    terms=("gross", "partner_id", "promised_on", "payment_method"),
)
