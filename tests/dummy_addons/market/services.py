"""Verbs of orders."""

import datetime as dt
from typing import Any

from addons.market.models import Order
from addons.market.workflow import ORDER_WORKFLOW
from app.sdk.database import session, utc_now
from app.sdk.errors import ValidationError
from app.sdk.i18n import _
from app.sdk.models import Employee, User
from app.sdk.online import OnlineFeature, ask_online
from app.sdk.workflow import LongText


@ORDER_WORKFLOW.transition("send")
def send_order(order: Order, *, actor: User, reason: LongText, on: dt.date, keeper: Employee | None = None) -> None:
    """Hand the order over."""
    if on < order.ordered_on:
        raise ValidationError("market.early", _("Not before %(limit)s."), field="on", limit=order.ordered_on)
    order.keeper_id = keeper.id if keeper else None
    ask_online(ORDER_SMS.name, order.id, actor=actor, now=utc_now())


@ORDER_WORKFLOW.transition("pay")
def pay_order(order: Order, *, actor: User | None) -> None:
    """Note that the money is there."""


@ORDER_WORKFLOW.transition("cancel")
def cancel_order(order: Order, *, actor: User) -> None:
    """Call it off."""


def _number_of(order_id: int) -> str | None:
    order = session.get(Order, order_id)
    return order.number if order is not None else None


def _call(number: str) -> str:
    return Line.call(number)


def _note(order_id: int, answer: Any, error: str) -> None:
    session.get_one(Order, order_id).note = f"{answer or ''}{error}"


class Line:
    """The line to the world, which tests cut."""

    @staticmethod
    def call(number: str) -> str:
        """Tell the customer that the order was sent."""
        return f"told of {number}"


ORDER_SMS = OnlineFeature(
    "order_sms", _("Message on sending"), _("A gateway for messages"), prepare=_number_of, call=_call, finish=_note
)
