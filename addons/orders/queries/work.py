"""What is checked, told and done for an order."""

import datetime as dt
from collections.abc import Iterable

from addons.orders.choices import BOUND_ORDERS, CheckKind, CheckState, OrderForm, OrderState, RequestState
from addons.orders.models import (
    AgreedDeal,
    DispatchRule,
    Guarantee,
    Order,
    OrderCheck,
    OrderLine,
    ProgressNote,
    WorkRequest,
)
from addons.orders.parameters import ARCHIVE_DAYS, DUE_WARNING_DAYS, FEEDBACK_DAYS
from app.sdk.database import Select, or_, select, session
from app.sdk.masterdata import Product
from app.sdk.models import User
from app.sdk.organisation import day_bounds
from app.sdk.security import visible
from app.sdk.workflow import MOST_TODOS

PASSED = (CheckState.PASSED, CheckState.OVERRIDDEN)


def list_checks(order_id: int) -> list[OrderCheck]:
    """Return the checks of an order."""
    return session.get_one(Order, order_id).checks


def find_check(order: Order, kind: CheckKind) -> OrderCheck | None:
    """Return one check of an order; None where the company does not ask for it."""
    return next((check for check in order.checks if check.kind is kind), None)


def list_guarantees(order_id: int) -> list[Guarantee]:
    """Return what secures an order."""
    return list(session.scalars(select(Guarantee).where(Guarantee.order_id == order_id).order_by(Guarantee.id)))


def list_notes(order_id: int) -> list[ProgressNote]:
    """Return what was told of an order, the latest first."""
    notes = select(ProgressNote).where(ProgressNote.order_id == order_id)
    return list(session.scalars(notes.order_by(ProgressNote.noted_at.desc(), ProgressNote.id.desc())))


def list_requests(order_id: int) -> list[WorkRequest]:
    """Return what departments do for an order."""
    return list(session.scalars(select(WorkRequest).where(WorkRequest.order_id == order_id).order_by(WorkRequest.id)))


def list_order_lines(order_id: int) -> list[OrderLine]:
    """Return the lines of an order with what was shipped and delivered of them."""
    return list(session.scalars(select(OrderLine).where(OrderLine.order_id == order_id).order_by(OrderLine.position)))


def rules_for(products: Iterable[Product]) -> dict[int, list[DispatchRule]]:
    """Return the dispatch rules of each product: its own, else its category's or the next one above, else the rest's.

    Several rules of one rank all hold: the department that makes it, and the one that packs it (S:ORD-07).
    """
    rules = list(session.scalars(select(DispatchRule).order_by(DispatchRule.id)))
    found = {}
    for product in products:
        own = [rule for rule in rules if rule.product_id == product.id]
        category = product.category
        while not own and category is not None:
            own = [rule for rule in rules if rule.product_id is None and rule.category_id == category.id]
            category = category.parent
        found[product.id] = own or [rule for rule in rules if rule.product_id is None and rule.category_id is None]
    return found


def open_requests(order_id: int) -> list[WorkRequest]:
    """Return the requests of an order on which nobody works yet, the latest first."""
    return list(
        session.scalars(
            select(WorkRequest)
            .where(WorkRequest.order_id == order_id, WorkRequest.state == RequestState.OPEN)
            .order_by(WorkRequest.id.desc())
        )
    )


def find_open_deal(partner_id: int) -> AgreedDeal | None:
    """Return the oldest deal with a partner that was not entered yet."""
    waiting = select(AgreedDeal).where(AgreedDeal.partner_id == partner_id, AgreedDeal.entered_at.is_(None))
    return session.scalar(waiting.order_by(AgreedDeal.agreed_at, AgreedDeal.id).limit(1))


def days_late(promised_on: dt.date, today: dt.date) -> int:
    """Return by how many days a delivery is late; 0 until the promised day is over (P:ORD-08)."""
    return max(0, (today - promised_on).days)


def unwritten(now: dt.datetime) -> list[Order]:
    """Return the verbal orders whose written record is overdue and which nobody was told of (S:ORD-01)."""
    return list(
        session.scalars(
            select(Order)
            .where(
                Order.form == OrderForm.VERBAL,
                Order.written_at.is_(None),
                Order.writing_missed_at.is_(None),
                Order.writing_due_at < now,
                Order.state != OrderState.CANCELLED,
            )
            .order_by(Order.id)
        )
    )


def unfiled(today: dt.date) -> list[Order]:
    """Return the closed orders whose papers should have been filed by now and which nobody was told of (S:ORD-22)."""
    last = today - dt.timedelta(days=ARCHIVE_DAYS.value(today))
    return list(
        session.scalars(
            select(Order)
            .where(
                Order.state == OrderState.CLOSED,
                Order.filed_on.is_(None),
                Order.filing_missed_at.is_(None),
                Order.closed_on < last,
            )
            .order_by(Order.id)
        )
    )


def due_writing(actor: User) -> list[Order]:
    """Return the verbal orders that have no written record yet, of what the actor sees."""
    waiting = select(Order).where(
        Order.form == OrderForm.VERBAL, Order.written_at.is_(None), Order.state != OrderState.CANCELLED
    )
    return _seen(waiting.order_by(Order.writing_due_at, Order.id), actor)


def silent(actor: User, today: dt.date) -> list[Order]:
    """Return the confirmed orders of which nothing was told for longer than the company wants (S:ORD-08)."""
    before, _end = day_bounds(today - dt.timedelta(days=FEEDBACK_DAYS.value(today)))
    told = or_(Order.noted_at < before, Order.noted_at.is_(None) & (Order.posted_at < before))
    return _seen(select(Order).where(Order.state.in_(BOUND_ORDERS), told).order_by(Order.promised_on, Order.id), actor)


def due_soon(actor: User, today: dt.date) -> list[Order]:
    """Return the orders that are promised soon or late already, and not delivered (P:ORD-08)."""
    until = today + dt.timedelta(days=DUE_WARNING_DAYS.value(today))
    found = select(Order).where(Order.state.in_(BOUND_ORDERS), Order.promised_on <= until)
    return _seen(found.order_by(Order.promised_on, Order.id), actor)


def to_file(actor: User) -> list[Order]:
    """Return the closed orders whose papers are not filed."""
    found = select(Order).where(Order.state == OrderState.CLOSED, Order.filed_on.is_(None))
    return _seen(found.order_by(Order.closed_on, Order.id), actor)


def to_enter(actor: User) -> list[AgreedDeal]:
    """Return the agreed deals that were not entered yet, of what the actor sees (P:ORD-04)."""
    found = select(AgreedDeal).where(AgreedDeal.entered_at.is_(None)).order_by(AgreedDeal.due_at, AgreedDeal.id)
    within = visible(AgreedDeal, actor)
    return list(session.scalars((found if within is None else found.where(within)).limit(MOST_TODOS)))


def _seen(statement: Select[Order], actor: User) -> list[Order]:
    within = visible(Order, actor)
    return list(session.scalars((statement if within is None else statement.where(within)).limit(MOST_TODOS)))
