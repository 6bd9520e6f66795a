"""Return orders: asked for, approved, the goods received, then refunded or exchanged (S:PAY-06)."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from addons.orders.choices import ReturnState, ReturnWish
from addons.orders.events import GoodsReturned
from addons.orders.masterdata import RETURN_NUMBERS
from addons.orders.models import Order, OrderLine, ReturnLine, ReturnOrder
from addons.orders.queries import (
    ORDER,
    RETURN,
    RETURNABLE,
    ZERO,
    line_amounts,
    order_payment,
    plain,
    promised_refunds,
    refs_of,
    returnable,
    total_of,
    words,
)
from addons.orders.services.orders import create_order
from addons.orders.workflow import RETURN_WORKFLOW
from addons.payments.api import Method, lower_due, pay_back
from app.sdk.database import session, set_lines, utc_now
from app.sdk.documents import LinkKind, link_documents, ref_of, release_items
from app.sdk.errors import Conflict, NotFound, ValidationError
from app.sdk.events import publish
from app.sdk.i18n import _
from app.sdk.masterdata import draw_number, required_text
from app.sdk.models import User
from app.sdk.organisation import local_day, owner_and_unit

LONGEST_REASON = 400


def create_return(
    *, actor: User, now: dt.datetime | None = None, lines: list[dict[str, Any]] | None = None, **values: Any
) -> ReturnOrder:
    """Ask for a return; without lines all that may come back does, without a refund all that is owed to the customer.

    Raises Conflict for an order that binds nobody; ValidationError for more than was delivered or paid, and for goods
    handed over before the order or in the future (R4).
    """
    today = local_day(now or utc_now())
    given = {name: value for name, value in values.items() if value is not None}
    form = ReturnOrder(**{"doc_date": today, "state": ReturnState.REQUESTED, "wish": ReturnWish.REFUND, **given})
    form.created_by_id = actor.id
    employee, form.org_unit_id = owner_and_unit(actor, on=form.doc_date)
    form.owner_id = employee.id if employee else None
    with session.no_autoflush:
        _check(form, lines, refund=given.get("refund"))
    session.add(form)
    session.flush()
    return form


def update_return(form: ReturnOrder, *, actor: User, lines: list[dict[str, Any]] | None = None, **values: Any) -> None:
    """Change what is asked for. Raises Conflict once it was decided (R2), and what `create_return` raises."""
    if form.state is not ReturnState.REQUESTED:
        raise Conflict("return.fixed", _("It was decided already and is not changed any more."))
    refund = values.pop("refund", form.refund)
    for name, value in values.items():
        setattr(form, name, value)
    with session.no_autoflush:
        _check(
            form,
            lines if lines is not None else [{"id": line.id, **_asked(line)} for line in form.lines],
            refund=refund,
        )
    session.flush()


@RETURN_WORKFLOW.transition("approve")
def approve_return(form: ReturnOrder, *, actor: User, now: dt.datetime) -> None:
    """Agree to a return that was asked for in time; it gets its number."""
    _approve(form, actor=actor, now=now)


@RETURN_WORKFLOW.transition("approve_late")
def approve_late_return(form: ReturnOrder, *, actor: User, reason: str, now: dt.datetime) -> None:
    """Agree to a return although the window for it is over, with a reason."""
    _approve(form, actor=actor, now=now)


@RETURN_WORKFLOW.transition("reject")
def reject_return(form: ReturnOrder, *, actor: User, reason: str) -> None:
    """Say no, with a reason."""


@RETURN_WORKFLOW.transition("receive")
def receive_return(form: ReturnOrder, *, actor: User, now: dt.datetime) -> None:
    """Note that the goods are back; single items are free to be sold again."""
    form.received_at = now
    back = {line.item_id for line in form.lines if line.item_id is not None}
    if back:
        kept = {line.item_id for line in form.order.lines if line.item_id is not None} - back
        release_items(ref_of(form.order, ORDER), now=now, besides=frozenset(kept))
    publish(GoodsReturned(company_id=form.company_id, return_id=form.id, order_id=form.order_id))


@RETURN_WORKFLOW.transition("refund")
def refund_return(form: ReturnOrder, *, actor: User, now: dt.datetime, method: Method | None = None) -> None:
    """Pay back what was agreed, and ask no more for what the goods were worth beyond it.

    Raises ValidationError above what is paid now (S:PAY-06), and without a way to pay where something is paid.
    """
    sources = refs_of(form.order)
    if form.refund > 0:
        if method is None:
            raise ValidationError("return.method", _("Say how %(amount)s is paid back."), field="method",
                                  amount=words(form.refund))  # fmt: skip
        pay_back(sources, form.refund, method=method, reason=form.reason[:200], actor=actor, now=now)
    lower_due(sources, form.gross - form.refund, actor=actor, now=now)
    form.posted_at, form.period = now, f"{local_day(now):%Y-%m}"


@RETURN_WORKFLOW.transition("exchange")
def exchange_return(form: ReturnOrder, *, actor: User, promised_on: dt.date, now: dt.datetime) -> None:
    """Write an order of the same goods that costs the customer nothing more; it goes its usual way."""
    lines = [{**_asked(line), "description": line.description, "unit_price": ZERO, "approved_price": ZERO}
             for line in form.lines]  # fmt: skip
    order = create_order(
        actor=actor,
        now=now,
        partner_id=form.order.partner_id,
        owner_id=form.order.owner_id,
        promised_on=promised_on,
        payment_method=form.order.payment_method,
        note=str(form),
        lines=lines,
    )
    form.replacement_id = order.id
    link_documents(ref_of(form, RETURN), ref_of(order, ORDER), kind=LinkKind.CREATES)


@RETURN_WORKFLOW.transition("cancel")
def cancel_return(form: ReturnOrder, *, actor: User, reason: str) -> None:
    """Give it up before the goods came, with a reason."""


def _approve(form: ReturnOrder, *, actor: User, now: dt.datetime) -> None:
    _check(form, [_asked(line) for line in form.lines], refund=form.refund)
    form.approved_at, form.approved_by_id = now, actor.id
    form.legal_entity_id = form.order.legal_entity_id
    form.number = draw_number(RETURN_NUMBERS, legal_entity_id=form.legal_entity_id, on=local_day(now))
    session.flush()
    link_documents(ref_of(form, RETURN), ref_of(form.order, ORDER), kind=LinkKind.REVERSES, amount=form.gross)


def _asked(line: ReturnLine) -> dict[str, Any]:
    return {name: getattr(line, name) for name in ("product_id", "item_id", "quantity")}


def _check(form: ReturnOrder, lines: list[dict[str, Any]] | None, *, refund: Decimal | None) -> None:
    order = _locked(form.order_id)
    form.partner_id, form.partner_name = order.partner_id, order.partner_name
    form.reason = required_text(form.reason, field="reason", maximum=LONGEST_REASON)
    handed_over: dt.date | None = form.handed_over_on  # A caller may have left it out, as the order.
    if handed_over is None or not order.doc_date <= handed_over <= form.doc_date:
        raise ValidationError(
            "return.handed_over",
            _("The goods were handed over between %(first)s and %(limit)s."),
            field="handed_over_on",
            first=order.doc_date,
            limit=form.doc_date,
        )
    _fill(form, order, lines)
    form.refund = ZERO if form.wish is ReturnWish.EXCHANGE else _agreed(form, order, refund)


def _locked(order_id: int | None) -> Order:
    order = session.get(Order, order_id) if order_id is not None else None
    if order is None:
        raise NotFound("return.order", _("There is no such order."), field="order_id")
    session.refresh(order, with_for_update={"of": Order})  # Two returns of one order wait for each other.
    if order.state not in RETURNABLE:
        raise Conflict("return.unbound", _("Only what was confirmed is returned. Change the order."), field="order_id")
    return order


def _fill(form: ReturnOrder, order: Order, lines: list[dict[str, Any]] | None) -> None:
    """Bring each line together with the order's line that it takes back, at that line's price."""
    left = returnable(order, besides=form.id)
    wanted = lines or [_whole(line, quantity) for line, quantity in left if quantity > 0]
    if not wanted:
        raise Conflict("return.nothing", _("Nothing of this order can be returned any more."), field="order_id")
    rows = []
    for row in wanted:
        line = _taken_from(left, row)
        left = [(one, rest - row["quantity"] if one is line else rest) for one, rest in left]
        rows.append({"id": row.get("id"), "order_line_id": line.id, **_priced(line, row["quantity"])})
    set_lines(form, "lines", rows)
    total = total_of(form.lines)
    form.net, form.tax, form.gross = total.net, total.tax, total.gross


def _whole(line: OrderLine, quantity: Decimal) -> dict[str, Any]:
    return {"product_id": line.product_id, "item_id": line.item_id, "quantity": quantity}


def _taken_from(left: Sequence[tuple[OrderLine, Decimal]], row: dict[str, Any]) -> OrderLine:
    """Return the first line of this product with enough left. Raises ValidationError, naming how much there is."""
    quantity, item_id = row.get("quantity"), row.get("item_id")
    fitting = [
        (line, rest)
        for line, rest in left
        if line.product_id == row.get("product_id") and item_id in (None, line.item_id)
    ]
    if not fitting:
        raise ValidationError("return.product", _("The order has no such product."), field="lines")
    if quantity is None or quantity <= 0:
        raise ValidationError(
            "orders.quantity",
            _("%(product)s: the quantity must be above %(limit)s."),
            field="lines",
            product=fitting[0][0].description,
            limit=0,
        )
    for line, rest in fitting:
        if quantity <= rest:
            return line
    most = max(rest for _line, rest in fitting)
    raise ValidationError(
        "return.too_many",
        _("%(product)s: at most %(limit)s can be returned."),
        field="lines",
        product=fitting[0][0].description,
        limit=plain(most),
    )


def _priced(line: OrderLine, quantity: Decimal) -> dict[str, Any]:
    """Return what a quantity of an order's line is worth."""
    names = ("product_id", "item_id", "description", "uom_id", "list_price", "unit_price", "tax_included", "tax_rate")
    amounts = line_amounts(quantity, line.unit_price, tax_rate=line.tax_rate, tax_included=line.tax_included)
    return {
        **{name: getattr(line, name) for name in names},
        "quantity": quantity,
        "net": amounts.net,
        "tax": amounts.tax,
        "gross": amounts.gross,
    }


def _agreed(form: ReturnOrder, order: Order, refund: Decimal | None) -> Decimal:
    """Return what is paid back: as typed, else the worth of the goods less what the customer still owes."""
    paid, due = order_payment(order)
    limit = paid - promised_refunds(order.id, besides=form.id)
    if refund is None:
        return max(ZERO, min(form.gross - due, limit))
    if refund < 0 or refund > limit:
        raise ValidationError(
            "return.above_paid",
            _("The refund is between 0.00 and the %(limit)s that are paid."),
            field="refund",
            limit=words(limit),
        )
    if refund > form.gross:
        raise ValidationError(
            "return.above_worth",
            _("The goods are worth %(limit)s; no more is paid back."),
            field="refund",
            limit=words(form.gross),
        )
    return refund
