"""Which price a product has on a day."""

import datetime as dt
from collections.abc import Iterable

from addons.orders.choices import PriceListState
from addons.orders.models import Order, PriceLine, PriceList
from addons.orders.parameters import FREE_DISCOUNT
from addons.orders.queries.amounts import deviates, plain
from app.sdk.database import Memory, or_, select, session
from app.sdk.errors import Text
from app.sdk.i18n import _

_PRICES = Memory("orders_prices", PriceList, PriceLine)


def prices_on(product_ids: Iterable[int], *, on: dt.date) -> dict[int, PriceLine]:
    """Return the approved price of each of these products on a day; one without a price is left out (P:PRI-01).

    Remembered for the rest of the transaction.
    """
    wanted, known = set(product_ids), _PRICES.recall(session)
    if missing := {key for key in wanted if (key, on) not in known}:
        found = _read(missing, on)
        known.update({(key, on): found.get(key) for key in missing})
    return {key: line for key in wanted if (line := known[key, on]) is not None}


def _read(product_ids: set[int], on: dt.date) -> dict[int, PriceLine]:
    statement = (
        select(PriceLine)
        .join(PriceList, PriceList.id == PriceLine.price_list_id)
        .where(
            PriceLine.product_id.in_(product_ids),
            PriceList.state == PriceListState.APPROVED,
            PriceList.valid_from <= on,
            or_(PriceList.valid_to.is_(None), PriceList.valid_to >= on),
        )
    )
    return {line.product_id: line for line in session.scalars(statement)}


def price_on(product_id: int, *, on: dt.date) -> PriceLine | None:
    """Return the approved price of a product on a day; None without one."""
    return prices_on([product_id], on=on).get(product_id)


def price_warning(order: Order) -> Text | None:
    """Return what keeps a draft from being submitted: a price that was neither listed nor approved (P:PRI-02)."""
    free = FREE_DISCOUNT.value(order.doc_date)
    for line in order.lines:
        if line.set_price is None:
            return str(_("%(product)s has no approved price on %(day)s.")) % {
                "product": line.description,
                "day": order.doc_date,
            }
        if deviates(line.unit_price, set_price=line.set_price, free_percent=free):
            return str(_("%(product)s: the price is %(limit)s, not %(value)s. Another one has to be approved.")) % {
                "product": line.description,
                "limit": plain(line.set_price),
                "value": plain(line.unit_price),
            }
    return None


def find_overlap(price_list: PriceList) -> PriceLine | None:
    """Return a line of another approved list that prices a product of this one on one of its days (P:PRI-01)."""
    statement = (
        select(PriceLine)
        .join(PriceList, PriceList.id == PriceLine.price_list_id)
        .where(
            PriceLine.product_id.in_({line.product_id for line in price_list.lines}),
            PriceList.state == PriceListState.APPROVED,
            or_(PriceList.valid_to.is_(None), PriceList.valid_to >= price_list.valid_from),
        )
        .order_by(PriceList.valid_from, PriceLine.position)
        .limit(1)
    )
    if price_list.valid_to is not None:
        statement = statement.where(PriceList.valid_from <= price_list.valid_to)
    if price_list.id is not None:
        statement = statement.where(PriceList.id != price_list.id)
    return session.scalar(statement)
