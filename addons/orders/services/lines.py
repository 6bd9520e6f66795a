"""Pricing the lines of any document: what is sold, at which price, for how much; and who may depart from a price."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from addons.orders.models import Line
from addons.orders.queries import LARGEST, ZERO, Amounts, line_amounts, price_objections, prices_on, total_of, words
from app.sdk.database import keep_rows, session, set_lines
from app.sdk.errors import ValidationError
from app.sdk.i18n import _
from app.sdk.masterdata import Product, SellableItem, tax_rate_on

LONGEST_NAME = 200


def price_lines(document: Any, *, on: dt.date) -> Amounts:
    """Fill in what the lines of a document leave out, reckon their amounts, and sum them up on the document.

    A blank price is the list price of the day. Raises ValidationError without a line, for a quantity that is not above
    zero, a price below zero, and an item that is of another product (R1, R4).
    """
    lines: Sequence[Line] = document.lines
    if not lines:
        raise ValidationError("orders.lines", _("At least one line is needed."), field="lines")
    products = keep_rows(Product, {line.product_id for line in lines}, Product.base_uom)
    prices = prices_on(products, on=on)
    for line in lines:
        product = products.get(line.product_id)
        if product is None:
            raise ValidationError("orders.product", _("There is no such product."), field="lines")
        price = prices.get(product.id)
        line.list_price = price.price if price is not None else None
        _describe(line, product, on=on)
        _reckon(line)
    total = total_of(lines)
    refuse_too_large(total.gross)
    document.net, document.tax, document.gross = total.net, total.tax, total.gross
    return total


def refuse_free_prices(lines: Sequence[Line], *, on: dt.date) -> None:
    """Raise NotAllowed for a price that was neither listed nor approved, is under its floor, or leaves too little.

    P:PRI-02, S:CAT-04, P:PRI-09.
    """
    for objection in price_objections(lines, on=on):
        raise objection


def change_lines(document: Any, rows: Sequence[dict[str, Any]]) -> None:
    """Make the lines of a document equal to `rows`; a line that is changed needs its approval anew.

    Another product, piece, quantity or price is not what was approved (P:PRI-02, S:CAT-04, P:PRI-09). Raises
    ValidationError for a quantity that is not above zero, and a price below zero (R4).
    """
    present = {line.id: line for line in document.lines}
    before = {line.id: (line.item_id, _terms(line)) for line in document.lines}
    for row in rows:  # The database would refuse it sooner than `price_lines`, and not say why.
        if (line := present.get(row.get("id"))) is not None:
            _refuse_below(row.get("quantity", line.quantity), row.get("unit_price"), line.description)
    set_lines(document, "lines", [_without_blank(row) for row in rows])
    for line, row in zip(document.lines, rows, strict=True):
        if "unit_price" in row:
            line.unit_price = row["unit_price"]
        item_id, terms = before.get(line.id, (None, None))
        if terms != _terms(line) or item_id not in (None, line.item_id):
            line.approved_price = None


def drop_approvals(lines: Sequence[Line]) -> None:
    """Take the approval from every line: terms that one customer was granted are not another's (P:PRI-02)."""
    for line in lines:
        line.approved_price = None


def refuse_too_large(amount: Decimal) -> None:
    """Raise ValidationError for more yuan than an amount may be (R4)."""
    if amount > LARGEST:
        raise ValidationError(
            "orders.too_large", _("An amount is at most %(limit)s."), field="lines", limit=words(LARGEST)
        )


def copy_of(line: Line) -> dict[str, Any]:
    """Return what the line of a further document takes over: what is sold, and the price that was agreed, for good."""
    names = ("product_id", "item_id", "description", "quantity", "second_quantity", "unit_price", "tax_included")
    return {**{name: getattr(line, name) for name in names}, "approved_price": line.unit_price}


def _terms(line: Line) -> tuple[Any, ...]:
    return line.product_id, line.quantity, line.unit_price, line.tax_included


def _without_blank(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row that may be written as it is: a line keeps its price until a blank one is filled in."""
    return row if row.get("unit_price") is not None else {key: row[key] for key in row if key != "unit_price"}


def _refuse_below(quantity: Decimal | None, price: Decimal | None, product: str | None) -> None:
    if quantity is None or quantity <= 0:
        raise ValidationError(
            "orders.quantity",
            _("%(product)s: the quantity must be above %(limit)s."),
            field="lines",
            product=product,
            limit=0,
        )
    if price is not None and price < 0:
        raise ValidationError(
            "orders.price_below",
            _("%(product)s: the price must be at least %(limit)s."),
            field="lines",
            product=product,
            limit=0,
        )


def _describe(line: Line, product: Product, *, on: dt.date) -> None:
    line.uom_id = product.base_uom_id
    line.tax_rate = tax_rate_on(product.tax_category, on=on).rate if product.tax_category else ZERO
    item = session.get(SellableItem, line.item_id) if line.item_id is not None else None
    if item is not None and item.product_id != product.id:
        raise ValidationError(
            "orders.item",
            _("%(item)s is not a piece of %(product)s."),
            field="lines",
            item=item.serial,
            product=product.name,
        )
    if not line.description:
        line.description = f"{product.name} {item.serial}"[:LONGEST_NAME] if item is not None else product.name


def _reckon(line: Line) -> None:
    _refuse_below(line.quantity, line.unit_price, line.description)
    if line.unit_price is None:
        if line.set_price is None:
            raise ValidationError(
                "orders.no_price",
                _("%(product)s has no list price on this day: type the price."),
                field="lines",
                product=line.description,
            )
        line.unit_price = line.set_price
    included = line.tax_included is not False  # Unsaid, as in a form of REST, it is included.
    amounts = line_amounts(line.quantity, line.unit_price, tax_rate=line.tax_rate, tax_included=included)
    refuse_too_large(amounts.gross)
    line.tax_included, line.net, line.tax, line.gross = included, amounts.net, amounts.tax, amounts.gross
