"""The life of a return order."""

import datetime as dt

from addons.orders.choices import ReturnState as State
from addons.orders.choices import ReturnWish
from addons.orders.models import ReturnOrder
from addons.orders.parameters import RETURN_DAYS
from addons.orders.workflow.guards import is_not_own
from app.sdk.i18n import _
from app.sdk.models import User
from app.sdk.workflow import Refusal, Transition, Workflow


def is_in_time(form: ReturnOrder, *, actor: User) -> Refusal | None:
    """Refuse what was asked for after the window: a manager may let it through (S:PAY-06)."""
    last = form.handed_over_on + dt.timedelta(days=RETURN_DAYS.value(form.doc_date))
    if form.doc_date <= last:
        return None
    return Refusal(
        "return.late", _("It could be returned until %(limit)s. Only a manager lets it through."), data={"limit": last}
    )


def is_late(form: ReturnOrder, *, actor: User) -> Refusal | None:
    """Refuse to let through what was asked for in time: it is approved as usual."""
    if is_in_time(form, actor=actor) is not None:
        return None
    return Refusal("return.in_time", _("It was asked for in time: approve it."))


def wants_money(form: ReturnOrder, *, actor: User) -> Refusal | None:
    """Refuse to pay for what is exchanged."""
    if form.wish is ReturnWish.REFUND:
        return None
    return Refusal("return.exchange", _("The customer wants other goods, not his money."))


def wants_goods(form: ReturnOrder, *, actor: User) -> Refusal | None:
    """Refuse to exchange what is paid back."""
    if form.wish is ReturnWish.EXCHANGE:
        return None
    return Refusal("return.refund", _("The customer wants his money, not other goods."))


RETURN_WORKFLOW = Workflow(
    ReturnOrder,
    Transition(
        "approve",
        State.REQUESTED,
        State.APPROVED,
        _("Approve"),
        guard=(is_in_time, is_not_own),
        icon="check",
        tone="primary",
    ),
    Transition(
        "approve_late",
        State.REQUESTED,
        State.APPROVED,
        _("Let it through"),
        guard=(is_late, is_not_own),
        icon="check",
        tone="quiet",
    ),
    Transition("reject", State.REQUESTED, State.REJECTED, _("Reject"), icon="x", tone="danger"),
    Transition("receive", State.APPROVED, State.RECEIVED, _("Goods received"), icon="package", tone="primary"),
    Transition("refund", State.RECEIVED, State.REFUNDED, _("Refund"), guard=wants_money, icon="undo-2", tone="primary"),
    Transition(
        "exchange",
        State.RECEIVED,
        State.EXCHANGED,
        _("Exchange"),
        guard=wants_goods,
        icon="arrow-left-right",
        tone="primary",
    ),
    Transition("cancel", (State.REQUESTED, State.APPROVED), State.CANCELLED, _("Cancel"), icon="x", tone="danger"),
    main_path=(State.REQUESTED, State.APPROVED, State.RECEIVED, State.REFUNDED),
    terms=("gross", "refund", "order_id", "wish"),
)
