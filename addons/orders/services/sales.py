"""The sales record (S:ORD-23)."""

import datetime as dt
from typing import Any

from addons.orders.models import SaleRecord
from addons.orders.parameters import RECORD_HOURS
from addons.orders.queries import plain, to_fen, words
from app.sdk.database import session, utc_now
from app.sdk.errors import ValidationError
from app.sdk.i18n import _
from app.sdk.models import User
from app.sdk.organisation import day_bounds, local_day, owner_and_unit


def create_sale(*, actor: User, now: dt.datetime | None = None, **values: Any) -> SaleRecord:
    """Record a sale, and by how many hours that is late.

    Raises ValidationError for a total that is not quantity × price, and for a day that is still to come.
    """
    moment = now or utc_now()
    today = local_day(moment)
    given = {name: value for name, value in values.items() if value is not None}
    sale = SaleRecord(**{"sold_on": today, **given})
    employee, sale.org_unit_id = owner_and_unit(actor, on=sale.sold_on)
    if sale.owner_id is None:
        sale.owner_id = employee.id if employee else None
    _check(sale, today=today)
    _start, end = day_bounds(sale.sold_on)
    late = moment - (end + dt.timedelta(hours=RECORD_HOURS.value(sale.sold_on)))
    sale.hours_late = max(0, -(-int(late.total_seconds()) // 3600))
    session.add(sale)
    session.flush()
    return sale


def update_sale(sale: SaleRecord, *, actor: User, **values: Any) -> None:
    """Change a record. Raises ValidationError as `create_sale` does."""
    for name, value in values.items():
        setattr(sale, name, value)
    with session.no_autoflush:
        _check(sale, today=local_day(utc_now()))
    session.flush()


def _check(sale: SaleRecord, *, today: dt.date) -> None:
    if sale.quantity <= 0:
        raise ValidationError("sale.quantity", _("The quantity must be above %(limit)s."), field="quantity", limit=0)
    if sale.sold_on > today:
        raise ValidationError("sale.future", _("Not after %(limit)s."), field="sold_on", limit=today)
    total = to_fen(sale.quantity * sale.unit_price)
    if sale.total != total:
        raise ValidationError(
            "sale.total",
            _("%(quantity)s × %(price)s is %(limit)s, not %(value)s."),
            field="total",
            quantity=plain(sale.quantity),
            price=plain(sale.unit_price),
            limit=words(total),
            value=words(sale.total),
        )
