"""Goods that are missing: found in the stock check, dated by who buys or makes them (S:ORD-06)."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from addons.orders.choices import CHECKED_ORDERS, CheckKind, CheckState, DispatchPart, ShortageState
from addons.orders.events import ShortageFound
from addons.orders.models import Order, OrderLine, Shortage
from addons.orders.queries import ZERO, find_check, list_shortages, plain, rules_for, still_missing
from addons.orders.services.checks import answer_check, found_check
from addons.orders.workflow import ORDER_WORKFLOW, SHORTAGE_WORKFLOW
from app.sdk.database import session
from app.sdk.errors import ValidationError
from app.sdk.events import publish
from app.sdk.i18n import _
from app.sdk.models import User

LONGEST_NOTE = 400


@ORDER_WORKFLOW.transition("note_shortage")
def note_shortage(
    order: Order, *, actor: User, missing: Decimal, now: dt.datetime, line_number: int | None = None
) -> None:
    """Note how much of a line is not in stock: the stock check fails until its date of replenishment is known.

    Raises ValidationError for more than was ordered, and Conflict where the company asks for no stock check.
    """
    check, line = found_check(order, CheckKind.STOCK), _line(order, line_number)
    ordered = sum((one.quantity for one in order.lines if one.product_id == line.product_id), ZERO)
    if not 0 < missing <= ordered:
        raise ValidationError(
            "shortage.missing",
            _("%(product)s: above 0 and at most the %(limit)s that were ordered."),
            field="missing",
            product=line.description,
            limit=plain(ordered),
        )
    shortage = _shortage_of(order, line)
    if shortage.state is not ShortageState.OPEN:
        reopen_shortage(shortage, actor=actor)
    shortage.ordered, shortage.missing, shortage.needed_on = ordered, missing, order.promised_on
    shortage.expected_on = shortage.note = None
    session.add(shortage)
    session.flush()
    text = _in_words(still_missing(order.id))
    answer_check(check, CheckState.FAILED, actor=actor, now=now, note=text)
    publish(ShortageFound(company_id=order.company_id, order_id=order.id, shortage_id=shortage.id))


@SHORTAGE_WORKFLOW.transition("promise")
def promise_shortage(
    shortage: Shortage, *, actor: User, expected_on: dt.date, now: dt.datetime, today: dt.date, note: str | None = None
) -> None:
    """Say when the goods will be there; once all that is missing has its date the stock check is passed.

    Raises ValidationError for a day that is over.
    """
    if expected_on < today:
        raise ValidationError("request.expected", _("Not before %(limit)s."), field="expected_on", limit=today)
    shortage.expected_on, shortage.note = expected_on, note
    _follow_check(shortage.order, actor=actor, now=now)


@SHORTAGE_WORKFLOW.transition("cover")
def cover_shortage(shortage: Shortage, *, actor: User, now: dt.datetime) -> None:
    """Note that the goods are there."""
    _follow_check(shortage.order, actor=actor, now=now)


@SHORTAGE_WORKFLOW.transition("reopen")
def reopen_shortage(shortage: Shortage, *, actor: User) -> None:
    """Note that the goods are missing again."""


@SHORTAGE_WORKFLOW.transition("call_off")
def call_off_shortage(shortage: Shortage, *, actor: User) -> None:
    """Note that nobody need see to them any more: the order went back, or came to nothing."""


def call_off_shortages(order: Order, *, actor: User) -> None:
    """Call off what is missing for an order."""
    for shortage in still_missing(order.id):
        call_off_shortage(shortage, actor=actor)


def _follow_check(order: Order, *, actor: User, now: dt.datetime) -> None:
    """Pass the stock check of an order that is being checked, once a date is known for all that is missing."""
    session.flush()
    missing = still_missing(order.id)
    check = find_check(order, CheckKind.STOCK) if order.state in CHECKED_ORDERS else None
    if check is not None and check.state is CheckState.FAILED and all(one.expected_on for one in missing):
        answer_check(check, CheckState.PASSED, actor=actor, now=now, note=_in_words(missing))


def _in_words(missing: Iterable[Shortage]) -> str | None:
    """Return what is missing as people read it: Bolt: 40 of 100 are missing, there on 2026-11-20."""
    told = []
    for one in missing:
        text = _("%(product)s: %(missing)s of %(ordered)s are missing")
        if one.expected_on is not None:
            text = _("%(product)s: %(missing)s of %(ordered)s are missing, there on %(day)s")
        told.append(
            str(text)
            % {
                "product": one.description,
                "missing": plain(one.missing),
                "ordered": plain(one.ordered),
                "day": one.expected_on,
            }
        )
    return "; ".join(told)[:LONGEST_NOTE] or None


def _line(order: Order, number: int | None) -> OrderLine:
    """Return the line that is meant; without a number the only one there is."""
    lines = [line for line in order.lines if number in (None, line.position)]
    if len(lines) != 1:
        raise ValidationError(
            "order.line_number", _("Lines are numbered 1 to %(limit)s."), field="line_number", limit=len(order.lines)
        )
    return lines[0]


def _shortage_of(order: Order, line: OrderLine) -> Shortage:
    """Return what was noted of a product before, or a new note, for the department that works on what is missing."""
    found = next((one for one in list_shortages(order.id) if one.product_id == line.product_id), None)
    if found is not None:
        return found
    rules = rules_for([line.product])[line.product_id]
    return Shortage(
        order_id=order.id,
        product_id=line.product_id,
        description=line.description or line.product.name,
        state=ShortageState.OPEN,
        owner_id=order.owner_id,
        org_unit_id=next((one.unit_id for one in rules if one.part is not DispatchPart.IN_STOCK), order.org_unit_id),
    )
