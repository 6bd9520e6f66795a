"""Giving a released order to the departments that work on it (P:ORD-06, S:ORD-07)."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from addons.orders.choices import DispatchPart, RequestState
from addons.orders.models import DispatchRule, Order, OrderLine, WorkRequest
from addons.orders.parameters import DISPATCH
from addons.orders.queries import ZERO, list_requests, missing_by_product, open_requests, rules_for
from addons.orders.workflow import REQUEST_WORKFLOW
from app.sdk.database import select, session
from app.sdk.errors import Conflict, ValidationError
from app.sdk.i18n import _
from app.sdk.models import User

_LIVE = (RequestState.OPEN, RequestState.IN_PROGRESS)


def dispatch(
    order: Order, lines: Sequence[OrderLine], *, actor: User, quantities: dict[int, Decimal] | None = None
) -> None:
    """Ask each department for its part of these lines; `quantities`, by line id, where it is not the whole line.

    What was found missing goes to those who make or buy it, what is in stock to those who pick it (P:ORD-06).
    Raises Conflict naming a product for which there is no rule.
    """
    if DISPATCH.value(order.doc_date) != "by_product":
        return
    rules = rules_for(line.product for line in lines)
    missing = missing_by_product(order.id) if quantities is None else {}
    for line in lines:
        quantity = line.quantity if quantities is None else quantities[line.id]
        absent = min(missing.get(line.product_id, ZERO), quantity)
        missing[line.product_id] = missing.get(line.product_id, ZERO) - absent
        for rule, part in _parts(line, rules[line.product_id], quantity, absent):
            session.add(_request(order, line, rule, part))
    session.flush()


def follow_quantity(order: Order, line: OrderLine, difference: Decimal, *, actor: User) -> None:
    """Ask for more, or take back what nobody works on yet, after the quantity of a line was changed."""
    if difference > 0:
        dispatch(order, [line], actor=actor, quantities={line.id: difference})
    surplus: dict[tuple[int, str], Decimal] = {}
    for request in open_requests(order.id) if difference < 0 else []:
        key = (request.unit_id, request.task)
        left = surplus.setdefault(key, -difference)
        if request.line_id != line.id or left <= 0:
            continue
        surplus[key] = left - min(left, request.quantity)
        if request.quantity <= left:
            call_off_request(request, actor=actor)
        else:
            request.quantity -= left
    session.flush()


def cancel_requests(order: Order, *, actor: User) -> None:
    """Call off what departments were asked for and have not done."""
    _call_off(list_requests(order.id), actor=actor)


def cancel_requests_of(lines: Sequence[OrderLine], *, actor: User) -> None:
    """Call off what departments were asked for and have not done of some lines."""
    of = WorkRequest.line_id.in_({line.id for line in lines})
    _call_off(session.scalars(select(WorkRequest).where(of).order_by(WorkRequest.id)), actor=actor)


def forget_lines(lines: Sequence[OrderLine]) -> None:
    """Let requests stand alone whose line goes: what a department did stays on record."""
    gone = {line.id for line in lines}
    for request in session.scalars(select(WorkRequest).where(WorkRequest.line_id.in_(gone))):
        request.line_id = None
    session.flush()


@REQUEST_WORKFLOW.transition("accept")
def accept_request(
    request: WorkRequest, *, actor: User, expected_on: dt.date, today: dt.date, note: str | None = None
) -> None:
    """Begin to work on a request, and say when it will be done: the date of replenishment (S:ORD-06).

    Raises ValidationError for a day that is over.
    """
    if expected_on < today:
        raise ValidationError("request.expected", _("Not before %(limit)s."), field="expected_on", limit=today)
    request.expected_on, request.note = expected_on, note


@REQUEST_WORKFLOW.transition("finish")
def finish_request(request: WorkRequest, *, actor: User) -> None:
    """Note that a department has done its part."""


@REQUEST_WORKFLOW.transition("call_off")
def call_off_request(request: WorkRequest, *, actor: User) -> None:
    """Note that a department need not do its part any more: the order was cancelled or changed."""


def create_rule(*, actor: User, **values: Any) -> DispatchRule:
    """Say which unit works on a product, a category, or, with neither, the rest. Raises ValidationError for both."""
    rule = DispatchRule(**values)
    _check(rule)
    session.add(rule)
    session.flush()
    return rule


def update_rule(rule: DispatchRule, *, actor: User, **values: Any) -> None:
    """Change a dispatch rule; requests that were made stay. Raises ValidationError as `create_rule` does."""
    for name, value in values.items():
        setattr(rule, name, value)
    _check(rule)
    session.flush()


def _call_off(requests: Iterable[WorkRequest], *, actor: User) -> None:
    for request in requests:
        if request.state in _LIVE:
            call_off_request(request, actor=actor)


def _check(rule: DispatchRule) -> None:
    if rule.product_id is not None and rule.category_id is not None:
        raise ValidationError(
            "rule.both", _("Name a product or a category, or neither for all the rest."), field="category_id"
        )


def _parts(
    line: OrderLine, rules: Sequence[DispatchRule], quantity: Decimal, absent: Decimal
) -> Iterator[tuple[DispatchRule, Decimal]]:
    """Yield how much each rule asks for. Raises Conflict where nobody works on the line, or on a part of it."""
    sizes = {DispatchPart.WHOLE: quantity, DispatchPart.IN_STOCK: quantity - absent, DispatchPart.MISSING: absent}
    for part in (DispatchPart.IN_STOCK, DispatchPart.MISSING):
        if sizes[part] and not any(rule.part in (DispatchPart.WHOLE, part) for rule in rules):
            raise Conflict(
                "order.unmapped",
                _("No dispatch rule says which department works on %(product)s."),
                product=line.product.name,
            )
    yield from ((rule, sizes[rule.part]) for rule in rules if sizes[rule.part])


def _request(order: Order, line: OrderLine, rule: DispatchRule, quantity: Decimal) -> WorkRequest:
    return WorkRequest(
        order_id=order.id,
        line_id=line.id,
        unit_id=rule.unit_id,
        org_unit_id=rule.unit_id,
        owner_id=order.owner_id,
        task=rule.task,
        description=line.description or line.product.name,
        quantity=quantity,
        needed_on=order.promised_on,
    )
