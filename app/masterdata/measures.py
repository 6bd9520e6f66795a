"""Converting units and rounding money."""

import datetime as dt
from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_HALF_UP, Decimal

from sqlalchemy import select

from app.database.session import session
from app.errors import NotFound, ValidationError
from app.i18n import _
from app.masterdata.models import Currency, FxRate, TaxRate, UnitOfMeasure

QUANTITY_STEP = Decimal("0.000001")


def convert(quantity: Decimal, *, source: UnitOfMeasure, target: UnitOfMeasure) -> Decimal:
    """Return a quantity in another unit, half-up to six decimals. Raises ValidationError across dimensions."""
    if source.dimension != target.dimension:
        raise ValidationError(
            "uom.dimension",
            _("%(source)s cannot be converted into %(target)s."),
            field="uom",
            source=source.name,
            target=target.name,
        )
    return (quantity * source.factor / target.factor).quantize(QUANTITY_STEP, ROUND_HALF_UP)


def _step(currency: Currency) -> Decimal:
    return Decimal(1).scaleb(-currency.exponent)


def round_amount(amount: Decimal, *, currency: Currency) -> Decimal:
    """Return an amount half-up to the currency's smallest unit: 2.345 yuan is 2.35."""
    return amount.quantize(_step(currency), ROUND_HALF_UP)


def round_minimum(amount: Decimal, *, currency: Currency) -> Decimal:
    """Return a minimum amount rounded up, so that it is never undercut: 2.341 yuan is 2.35."""
    return amount.quantize(_step(currency), ROUND_CEILING)


def split_amount(amount: Decimal, *, weights: Sequence[Decimal], currency: Currency) -> list[Decimal]:
    """Split an amount by weights into parts that add up to it exactly; the largest remainders get the last units.

    Raises ValueError for weights that are negative or all nothing.
    """
    total, step = sum(weights, Decimal(0)), _step(currency)
    if total <= 0 or any(weight < 0 for weight in weights):
        raise ValueError("weights must be positive")
    exact = [amount * weight / total for weight in weights]
    parts = [part.quantize(step, ROUND_DOWN) for part in exact]
    missing = round_amount(amount, currency=currency) - sum(parts, Decimal(0))
    by_remainder = sorted(range(len(parts)), key=lambda place: (-abs(exact[place] - parts[place]), place))
    for place in by_remainder[: int(abs(missing) / step)]:
        parts[place] += step.copy_sign(missing)
    return parts


def rate_on(currency: Currency, *, on: dt.date) -> Decimal:
    """Return what one unit of a currency was worth in yuan on a day. Raises NotFound without a rate by then."""
    rate = session.scalar(
        select(FxRate.rate)
        .where(FxRate.currency_id == currency.id, FxRate.valid_from <= on)
        .order_by(FxRate.valid_from.desc())
        .limit(1)
    )
    if rate is None:
        raise NotFound(
            "currency.no_rate", _("There is no rate of %(currency)s for %(day)s."), currency=currency.code, day=on
        )
    return rate


def tax_rate_on(category: str, *, on: dt.date) -> TaxRate:
    """Return the tax of a product category on a day. Raises NotFound without one by then."""
    found: TaxRate | None = session.scalar(
        select(TaxRate)
        .where(TaxRate.category == category, TaxRate.valid_from <= on)
        .order_by(TaxRate.valid_from.desc())
        .limit(1)
    )
    if found is None:
        raise NotFound("tax.no_rate", _("There is no tax rate of %(category)s for %(day)s."), category=category, day=on)
    return found
