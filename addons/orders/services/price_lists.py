"""Price lists: written, approved by somebody else, ended (P:PRI-01)."""

import datetime as dt
from decimal import Decimal
from typing import Any

from addons.orders.choices import PriceListState
from addons.orders.events import PriceListApproved
from addons.orders.models import PriceLine, PriceList
from addons.orders.queries import find_overlap, plain
from addons.orders.workflow import PRICE_LIST_WORKFLOW
from app.sdk.database import select, session, set_lines, utc_now
from app.sdk.errors import Conflict, ValidationError
from app.sdk.events import publish
from app.sdk.i18n import _
from app.sdk.masterdata import Product
from app.sdk.models import User
from app.sdk.organisation import local_day, owner_and_unit


def create_price_list(*, actor: User, lines: list[dict[str, Any]] | None = None, **values: Any) -> PriceList:
    """Write a price list; it prices nothing until it is approved.

    Raises ValidationError without a line, for a price that is not above zero or a floor above it, for days that end
    before they begin, and where an approved list prices a product of it on one of its days (R4).
    """
    price_list = PriceList(**values, state=PriceListState.DRAFT, created_by_id=actor.id)
    employee, price_list.org_unit_id = owner_and_unit(actor, on=local_day(utc_now()))
    price_list.owner_id = employee.id if employee else None
    with session.no_autoflush:
        set_lines(price_list, "lines", lines or [])
        _check(price_list)
    session.add(price_list)
    session.flush()
    return price_list


def update_price_list(
    price_list: PriceList, *, actor: User, lines: list[dict[str, Any]] | None = None, **values: Any
) -> None:
    """Change a draft. Raises Conflict for one that was approved or withdrawn: end it and write another (R2)."""
    if price_list.state is not PriceListState.DRAFT:
        raise Conflict("price_list.fixed", _("Only a draft is changed. End this list and write another."))
    for name, value in values.items():
        setattr(price_list, name, value)
    if lines is not None:
        set_lines(price_list, "lines", lines)
    with session.no_autoflush:
        _check(price_list)
    session.flush()


def delete_price_list(price_list: PriceList, *, actor: User) -> None:
    """Delete a draft. Raises Conflict for anything else: documents were priced by it (R2)."""
    if price_list.state is not PriceListState.DRAFT:
        raise Conflict("price_list.used", _("It was in force and stays. Withdraw it instead."))
    session.delete(price_list)
    session.flush()


@PRICE_LIST_WORKFLOW.transition("approve")
def approve_price_list(price_list: PriceList, *, actor: User, now: dt.datetime) -> None:
    """Put a price list in force; its author never does (P:PRI-01, S:CAT-03)."""
    _lock_products(price_list)
    _check(price_list)
    price_list.approved_at, price_list.approved_by_id = now, actor.id
    publish(PriceListApproved(company_id=price_list.company_id, price_list_id=price_list.id))


@PRICE_LIST_WORKFLOW.transition("end")
def end_price_list(price_list: PriceList, *, actor: User, last_day: dt.date) -> None:
    """Let a price list be in force until this day, so that another one may follow.

    Raises ValidationError for a day before its first, or after the last one that was approved.
    """
    if last_day < price_list.valid_from:
        _refuse_days("last_day", price_list.valid_from)
    if price_list.valid_to is not None and last_day > price_list.valid_to:
        raise ValidationError(
            "price_list.longer",
            _("It ends on %(limit)s and is not prolonged: write another."),
            field="last_day",
            limit=price_list.valid_to,
        )
    price_list.valid_to = last_day


@PRICE_LIST_WORKFLOW.transition("withdraw")
def withdraw_price_list(price_list: PriceList, *, actor: User, reason: str) -> None:
    """Take a price list out of force; what was priced by it keeps its prices."""


def _check(price_list: PriceList) -> None:
    if not price_list.lines:
        raise ValidationError("price_list.lines", _("At least one line is needed."), field="lines")
    if price_list.valid_to is not None and price_list.valid_to < price_list.valid_from:
        _refuse_days("valid_to", price_list.valid_from)
    for line in price_list.lines:
        _check_line(line)
    found = find_overlap(price_list)
    if found is not None:
        other = session.get_one(PriceList, found.price_list_id)
        raise ValidationError(
            "price_list.overlap",
            _("%(product)s has a price in “%(name)s” from %(start)s to %(end)s. End that list first."),
            field="valid_from",
            product=found.product.name,
            name=other.name,
            start=other.valid_from,
            end=other.valid_to or "…",
        )


def _check_line(line: PriceLine) -> None:
    floor, cost = line.floor, line.cost
    price: Decimal | None = line.price  # A caller may have left it out.
    if price is None or price <= 0:
        raise ValidationError(
            "price_list.price", _("Every price must be above %(limit)s."), field="lines", limit="0.00"
        )
    if floor is not None and not 0 < floor <= price:
        raise ValidationError(
            "price_list.floor",
            _("A floor lies above 0 and not above the price of %(limit)s."),
            field="lines",
            limit=plain(price),
        )
    if cost is not None and cost < 0:
        raise ValidationError("price_list.cost", _("A cost is at least %(limit)s."), field="lines", limit="0.00")


def _refuse_days(field: str, first: dt.date) -> None:
    raise ValidationError("price_list.days", _("It does not end before %(limit)s."), field=field, limit=first)


def _lock_products(price_list: PriceList) -> None:
    """Keep out whoever approves another list with one of these products: of two that overlap, one wins."""
    products = select(Product.id).where(Product.id.in_({line.product_id for line in price_list.lines}))
    session.scalars(products.order_by(Product.id).with_for_update(key_share=True)).all()
