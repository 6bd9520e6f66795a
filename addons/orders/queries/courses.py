"""The course that orders took: when they were shipped and signed for, by the log of their states."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import type_coerce

from addons.orders.choices import GIVEN_UP_RETURNS, NoteKind, OrderState
from addons.orders.models import Order, OrderLine, ProgressNote, ReturnOrder
from addons.orders.queries.amounts import ZERO
from addons.orders.queries.documents import ORDER
from app.sdk.database import Select, func, select, session
from app.sdk.models import Quantity
from app.sdk.workflow import TransitionLog

_SHIPPED = (OrderState.SHIPPED, OrderState.PART_DELIVERED, OrderState.DELIVERED)
_MOST_KEYS = 500


@dataclass(frozen=True)
class Course:
    """An order with the company's days on which its first goods left and its last were signed for."""

    order: Order
    salesperson: str | None
    shipped_on: dt.date | None
    delivered_on: dt.date | None
    open_quantity: Decimal
    returned: bool
    trouble: str | None  # What was noted last of a problem, or of force majeure (P:ORD-08).

    def late_days(self, today: dt.date) -> int:
        """Return by how many days it was, or is, delivered after the promised day; 0 in time (P:ORD-08)."""
        return max(0, ((self.delivered_on or today) - self.order.promised_on).days)

    @property
    def is_on_time(self) -> bool:
        """Tell whether it was signed for by the promised day."""
        return self.delivered_on is not None and self.delivered_on <= self.order.promised_on

    @property
    def days_to_ship(self) -> int | None:
        """Return the days from the order to the first shipment (S:R-06)."""
        return None if self.shipped_on is None else (self.shipped_on - self.order.doc_date).days


def courses_of(statement: Select[*tuple[Any, ...]], *, zone: dt.tzinfo) -> list[Course]:
    """Return the courses of the orders that a statement finds, each beside its salesperson's name."""
    found = list(session.execute(statement))
    courses: list[Course] = []
    for start in range(0, len(found), _MOST_KEYS):
        courses += _read(found[start : start + _MOST_KEYS], zone)
    return courses


def mean_days(days: Sequence[int]) -> Decimal | None:
    """Return the mean, to a hundredth; None for no days."""
    if not days:
        return None
    return (Decimal(sum(days)) / len(days)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def on_time_share(on_time: int, due: int) -> Decimal | None:
    """Return the share of orders that were delivered on time; None where none was due (S:R-13)."""
    return Decimal(on_time) / due if due else None


def _read(found: Sequence[Any], zone: dt.tzinfo) -> list[Course]:
    keys = [order.id for order, _name in found]
    shipped, delivered = _first(keys, _SHIPPED, zone), _first(keys, (OrderState.DELIVERED,), zone)
    still = func.sum(type_coerce(OrderLine.quantity - OrderLine.delivered, Quantity))
    lines = select(OrderLine.order_id, still).where(OrderLine.order_id.in_(keys)).group_by(OrderLine.order_id)
    rest: dict[int, Decimal] = dict(session.execute(lines).all())
    returns = select(ReturnOrder.order_id).where(
        ReturnOrder.order_id.in_(keys), ReturnOrder.state.not_in(GIVEN_UP_RETURNS)
    )
    returned = set(session.scalars(returns))
    troubles = _troubles(keys)
    return [
        Course(
            order,
            salesperson,
            shipped.get(order.id),
            delivered.get(order.id),
            rest.get(order.id, ZERO),
            order.id in returned,
            troubles.get(order.id),
        )
        for order, salesperson in found
    ]


def _troubles(keys: Sequence[int]) -> dict[int, str]:
    """Return what was noted last of a problem of each of these orders."""
    statement = (
        select(ProgressNote.order_id, ProgressNote.text)
        .where(ProgressNote.order_id.in_(keys), ProgressNote.kind != NoteKind.PROGRESS)
        .order_by(ProgressNote.noted_at, ProgressNote.id)
    )
    return dict(session.execute(statement).all())


def _first(keys: Sequence[int], states: Sequence[OrderState], zone: dt.tzinfo) -> dict[int, dt.date]:
    """Return on which day each of these orders first came into one of these states."""
    statement = (
        select(TransitionLog.record_id, func.min(TransitionLog.at))
        .where(TransitionLog.resource == ORDER, TransitionLog.record_id.in_(keys))
        .where(TransitionLog.target.in_([state.value for state in states]))
        .group_by(TransitionLog.record_id)
    )
    return {record_id: at.astimezone(zone).date() for record_id, at in session.execute(statement)}
