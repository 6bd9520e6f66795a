"""Which prices need approval, and why: list price, floor and margin (P:PRI-02, S:CAT-04, P:PRI-09)."""

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal

from addons.orders.models import Line, Order, PriceLine, Quotation, Reservation
from addons.orders.parameters import FREE_DISCOUNT, MIN_MARGIN, PRICE_FLOOR
from addons.orders.queries.amounts import deviates, plain
from addons.orders.queries.prices import prices_on
from app.sdk.database import session
from app.sdk.errors import NotAllowed, Text
from app.sdk.i18n import _

HUNDRED, TENTH = Decimal(100), Decimal("0.1")


def margin_of(price: Decimal, cost: Decimal) -> Decimal | None:
    """Return price less cost in per cent of the price; None where nothing is asked for (P:PRI-09)."""
    return (price - cost) * HUNDRED / price if price else None


def price_objections(lines: Sequence[Line], *, on: dt.date) -> Iterator[NotAllowed]:
    """Yield why lines may not be sold at their prices without approval, the first reason of each.

    A line without a list price is sold at approved terms alone; approved terms need no further approval.
    """
    known = prices_on({line.product_id for line in lines}, on=on)
    for line in lines:
        objection = _price_objection(line, on) or (
            None if line.approved_price is not None else _limit_objection(line, known.get(line.product_id), on)
        )
        if objection is not None:
            yield objection


def check_of_price(price: Decimal, known: PriceLine | None, *, on: dt.date) -> str:
    """Say of a unit price how it stands to floor and margin."""
    told = []
    if known is not None and known.floor is not None and PRICE_FLOOR.value(on):
        told.append(str(_("floor %(limit)s")) % {"limit": plain(known.floor)})
    margin = margin_of(price, known.cost) if known is not None and known.cost is not None else None
    if margin is not None:
        least = plain(MIN_MARGIN.value(on))
        told.append(str(_("margin %(value)s %%, at least %(limit)s %%")) % {"value": _tenths(margin), "limit": least})
    return ", ".join(told) or str(_("no floor, no cost"))


def explain_quotation_prices(quotation_id: int) -> Sequence[tuple[Text, str]]:
    """Return how each price of a quotation was checked."""
    quotation = session.get_one(Quotation, quotation_id)
    return _explain(quotation.lines, quotation.doc_date)


def explain_reservation_prices(reservation_id: int) -> Sequence[tuple[Text, str]]:
    """Return how each price of a reservation was checked."""
    reservation = session.get_one(Reservation, reservation_id)
    return _explain(reservation.lines, reservation.doc_date)


def explain_order_prices(order_id: int) -> Sequence[tuple[Text, str]]:
    """Return how each price of an order was checked."""
    order = session.get_one(Order, order_id)
    return _explain(order.lines, order.doc_date)


def _explain(lines: Sequence[Line], on: dt.date) -> list[tuple[Text, str]]:
    known = prices_on({line.product_id for line in lines}, on=on)
    return [(line.description or str(line.product), _reason(line, known.get(line.product_id), on)) for line in lines]


def _reason(line: Line, known: PriceLine | None, on: dt.date) -> str:
    if line.set_price is None:
        set_price = str(_("no price is set"))
    elif line.approved_price is not None:
        set_price = str(_("approved price %(limit)s")) % {"limit": plain(line.set_price)}
    else:
        free = plain(FREE_DISCOUNT.value(on))
        set_price = str(_("list price %(limit)s, free deviation %(free)s %%")) % {
            "limit": plain(line.set_price),
            "free": free,
        }
    objection = next(price_objections([line], on=on), None)
    verdict = str(objection) if objection is not None else str(_("needs no approval"))
    return f"{plain(line.unit_price)}: {set_price}, {check_of_price(line.unit_price, known, on=on)}: {verdict}"


def _price_objection(line: Line, on: dt.date) -> NotAllowed | None:
    if line.set_price is None:
        return NotAllowed(
            "orders.unpriced",
            _("%(product)s has no approved price on %(day)s."),
            field="lines",
            product=line.description,
            day=on,
        )
    if deviates(line.unit_price, set_price=line.set_price, free_percent=FREE_DISCOUNT.value(on)):
        return NotAllowed(
            "orders.price",
            _("%(product)s: the price is %(limit)s, not %(value)s. Another one has to be approved."),
            field="lines",
            product=line.description,
            limit=plain(line.set_price),
            value=plain(line.unit_price),
        )
    return None


def _limit_objection(line: Line, known: PriceLine | None, on: dt.date) -> NotAllowed | None:
    if known is None:
        return None
    if known.floor is not None and line.unit_price < known.floor and PRICE_FLOOR.value(on):
        return NotAllowed(
            "orders.floor",
            _("%(product)s is not sold under %(limit)s without approval."),
            field="lines",
            product=line.description,
            limit=plain(known.floor),
        )
    margin = margin_of(line.unit_price, known.cost) if known.cost is not None else None
    least = MIN_MARGIN.value(on)
    if margin is not None and margin < least:
        return NotAllowed(
            "orders.margin",
            _("%(product)s: the margin is %(value)s %%, at least %(limit)s %% without approval."),
            field="lines",
            product=line.description,
            value=_tenths(margin),
            limit=plain(least),
        )
    return None


def _tenths(percent: Decimal) -> str:
    return str(percent.quantize(TENTH, ROUND_HALF_UP))
