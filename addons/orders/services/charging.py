"""What an order asks for: beforehand, when it is confirmed, and after a change."""

import datetime as dt
from decimal import Decimal

from addons.orders.models import Order
from addons.orders.queries import ORDER, ZERO, asked_for, needed_beforehand, order_payment, order_receivables, words
from addons.payments.api import Claim, ReceivableKind, open_receivable, withdraw_receivable
from app.sdk.documents import ref_of
from app.sdk.errors import Conflict
from app.sdk.i18n import _
from app.sdk.models import User


def charge_beforehand(order: Order, *, actor: User, now: dt.datetime) -> None:
    """Ask for the part that is paid before the finance audit, less what was asked for already (S:PAY-03)."""
    needed = needed_beforehand(order)
    missing = needed - asked_for(order) if needed else ZERO
    if missing > 0:
        _ask(order, missing, due_on=order.doc_date, actor=actor, now=now)


def refuse_unpaid(order: Order) -> None:
    """Raise Conflict where less was paid than is to be paid before the finance audit (S:PAY-03)."""
    needed, (paid, _due) = needed_beforehand(order), order_payment(order)
    if paid < needed:
        raise Conflict(
            "order.prepayment",
            _("%(limit)s of it is paid beforehand; %(value)s has come in."),
            limit=words(needed),
            value=words(paid),
        )


def charge(order: Order, *, actor: User, now: dt.datetime) -> None:
    """Ask for the price, less what was asked for already; where that is more, ask for less.

    Raises Conflict where more was paid than the order comes to now: that is refunded or transferred first.
    """
    _ask_for(order, order.gross - asked_for(order), actor=actor, now=now)


def charge_difference(order: Order, before: Decimal, *, actor: User, now: dt.datetime) -> None:
    """Ask for what a bound order comes to beyond the total it had before, or for so much less (S:ORD-10).

    What returns, or finance, took off what is due stays off (S:PAY-06). Raises Conflict as `charge` does.
    """
    _ask_for(order, order.gross - before, actor=actor, now=now)


def drop_unpaid(order: Order, *, actor: User, now: dt.datetime) -> None:
    """Ask for nothing that was not paid yet; what was paid stays and counts when the order is charged again."""
    for receivable in order_receivables(order):
        withdraw_receivable(receivable, actor=actor, now=now, amount=receivable.open_amount)


def withdraw_all(order: Order, *, actor: User, now: dt.datetime) -> None:
    """Ask for nothing any more. Raises Conflict while money is kept for the order."""
    for receivable in order_receivables(order):
        withdraw_receivable(receivable, actor=actor, now=now)


def _ask_for(order: Order, missing: Decimal, *, actor: User, now: dt.datetime) -> None:
    if missing > 0:
        _ask(order, missing, due_on=order.due_on, actor=actor, now=now)
    elif missing < 0:
        _withdraw(order, -missing, actor=actor, now=now)


def _withdraw(order: Order, surplus: Decimal, *, actor: User, now: dt.datetime) -> None:
    for receivable in reversed(order_receivables(order)):
        part = min(surplus, receivable.open_amount)
        if part > 0:
            withdraw_receivable(receivable, actor=actor, now=now, amount=part)
            surplus -= part
    if surplus > 0:
        raise Conflict(
            "order.overpaid",
            _("%(amount)s more than that was paid. Refund or transfer it first."),
            amount=words(surplus),
        )


def _ask(order: Order, amount: Decimal, *, due_on: dt.date, actor: User, now: dt.datetime) -> None:
    claim = Claim(
        source=ref_of(order, ORDER),
        partner_id=order.partner_id,
        kind=ReceivableKind.BALANCE,
        amount=amount,
        base_amount=order.gross,
        due_on=due_on,
        owner_id=order.owner_id,
        org_unit_id=order.org_unit_id,
    )
    open_receivable(claim, actor=actor, now=now)
