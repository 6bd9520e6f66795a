"""Verbs of orders."""

import datetime as dt

from addons.orders.models import Order
from addons.orders.workflow import ORDER_WORKFLOW
from app.sdk.errors import ValidationError
from app.sdk.i18n import _
from app.sdk.models import Employee, User
from app.sdk.workflow import LongText


@ORDER_WORKFLOW.transition("send")
def send_order(order: Order, *, actor: User, reason: LongText, on: dt.date, keeper: Employee | None = None) -> None:
    """Hand the order over."""
    if on < order.ordered_on:
        raise ValidationError("orders.early", _("Not before %(limit)s."), field="on", limit=order.ordered_on)
    order.keeper_id = keeper.id if keeper else None


@ORDER_WORKFLOW.transition("pay")
def pay_order(order: Order, *, actor: User | None) -> None:
    """Note that the money is there."""


@ORDER_WORKFLOW.transition("cancel")
def cancel_order(order: Order, *, actor: User) -> None:
    """Call it off."""
