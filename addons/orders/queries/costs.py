"""What goods that were shipped cost, and how much of that waits for an invoice (S:ORD-16)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from addons.orders.choices import BusinessType
from addons.orders.models import Order, OrderLine
from addons.orders.queries.amounts import ZERO, plain, to_fen, words
from addons.orders.queries.documents import ORDER, RESERVATION
from addons.orders.queries.prices import prices_on
from addons.payments.api import Invoice, InvoiceState, Receivable
from app.sdk.database import Select, func, or_, select, session
from app.sdk.documents import DocumentRef
from app.sdk.errors import Text
from app.sdk.i18n import _

PLACES, MOST_KEYS = Decimal("0.000001"), 500


@dataclass(frozen=True)
class LineCost:
    """How much of a shipped line is cost of sales, and how much still shipped goods; in the unit of the line."""

    line: OrderLine
    unit_cost: Decimal | None  # By the price list of the order's day; None where it names none.
    in_cost: Decimal
    in_shipped_goods: Decimal

    def worth(self, quantity: Decimal) -> Decimal:
        """Return what so much of it cost, in yuan; nothing where the cost is not known."""
        return to_fen(quantity * self.unit_cost) if self.unit_cost is not None else ZERO


def split_shipped(
    business_type: BusinessType, *, shipped: Decimal, ordered: Decimal, invoiced_share: Decimal
) -> tuple[Decimal, Decimal]:
    """Return how much of what was shipped is cost, and how much still shipped goods.

    An ordinary sale is cost once it is shipped. Export is shipped in instalments (分期收款发出商品): it becomes cost as
    far as it was invoiced. `invoiced_share` is the part of the order's total that audited invoices come to.
    """
    if business_type is BusinessType.DOMESTIC:
        return shipped, ZERO
    invoiced = (ordered * invoiced_share).quantize(PLACES, ROUND_HALF_UP)
    in_cost = min(shipped, invoiced)
    return in_cost, shipped - in_cost


def costs_of(statement: Select[*tuple[Any, ...]]) -> list[tuple[Order, LineCost]]:
    """Return the cost of each shipped line of the orders that a statement finds first in each row, with its order."""
    orders = list(session.scalars(statement))
    found: list[tuple[Order, LineCost]] = []
    for start in range(0, len(orders), MOST_KEYS):
        found += _costs(orders[start : start + MOST_KEYS])
    return found


def _costs(orders: Sequence[Order]) -> list[tuple[Order, LineCost]]:
    invoiced = _audited(orders)
    found = []
    for order in orders:
        share = min(invoiced.get(order.id, ZERO) / order.gross, Decimal(1)) if order.gross else Decimal(1)
        prices = prices_on({line.product_id for line in order.lines}, on=order.doc_date)
        for line in order.lines:
            if line.shipped:
                in_cost, waiting = split_shipped(
                    order.business_type, shipped=line.shipped, ordered=line.quantity, invoiced_share=share
                )
                price = prices.get(line.product_id)
                unit_cost = price.cost if price is not None else None
                found.append((order, LineCost(line, unit_cost, in_cost, waiting)))
    return found


def explain_cost(order_id: int) -> Sequence[tuple[Text, str]]:
    """Return for each shipped line of an export order how much is cost, and how much waits for an invoice."""
    order = session.get_one(Order, order_id)
    if order.business_type is BusinessType.DOMESTIC:
        return []
    said = str(_("in cost %(cost)s (%(worth)s), in shipped goods %(waiting)s (%(waiting_worth)s)"))
    return [
        (
            one.line.description or str(one.line.product),
            said
            % {
                "cost": plain(one.in_cost),
                "worth": words(one.worth(one.in_cost)),
                "waiting": plain(one.in_shipped_goods),
                "waiting_worth": words(one.worth(one.in_shipped_goods)),
            },
        )
        for _order, one in _costs([order])
    ]


def _audited(orders: Sequence[Order]) -> Mapping[int, Decimal]:
    """Return what the audited invoices of each order come to, those of its reservation too."""
    by_reservation = {one.reservation_id: one.id for one in orders if one.reservation_id is not None}
    is_order = (DocumentRef.resource == ORDER) & DocumentRef.record_id.in_([one.id for one in orders])
    is_reservation = (DocumentRef.resource == RESERVATION) & DocumentRef.record_id.in_(by_reservation)
    statement = (
        select(DocumentRef.resource, DocumentRef.record_id, func.sum(Invoice.amount))
        .join(Receivable, Receivable.source_id == DocumentRef.id)
        .join(Invoice, Invoice.receivable_id == Receivable.id)
        .where(or_(is_order, is_reservation), Invoice.state == InvoiceState.AUDITED)
        .group_by(DocumentRef.resource, DocumentRef.record_id)
    )
    found: dict[int, Decimal] = {}
    for resource, record_id, amount in session.execute(statement):
        order_id = record_id if resource == ORDER else by_reservation[record_id]
        found[order_id] = found.get(order_id, ZERO) + amount
    return found
