"""Amounts of lines, as pure functions: half-up to the fen, and net and tax always come to the gross."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

FEN = Decimal("0.01")
ZERO = Decimal(0)
LARGEST = Decimal("999999999999.99")  # What an amount of money may be at most.


@dataclass(frozen=True)
class Amounts:
    """What a line or a document comes to, in yuan; net + tax = gross."""

    net: Decimal = ZERO
    tax: Decimal = ZERO
    gross: Decimal = ZERO

    def __add__(self, other: "Amounts") -> "Amounts":
        return Amounts(self.net + other.net, self.tax + other.tax, self.gross + other.gross)


class HasAmounts(Protocol):
    """Whatever has a net, a tax and a gross: a line, a document."""

    net: Decimal
    tax: Decimal
    gross: Decimal


def to_fen(amount: Decimal) -> Decimal:
    """Return an amount rounded half-up to the fen."""
    return amount.quantize(FEN, ROUND_HALF_UP)


def words(amount: Decimal) -> str:
    """Return an amount as people read it: 805,500.00."""
    return f"{amount:,.2f}"


def plain(number: Decimal) -> str:
    """Return a quantity or unit price as people read it, without needless zeros: 89.5, 9,000."""
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def line_amounts(quantity: Decimal, unit_price: Decimal, *, tax_rate: Decimal, tax_included: bool) -> Amounts:
    """Return what a quantity comes to at a price. `tax_rate` is a share: 0.13 is 13 %."""
    product = to_fen(quantity * unit_price)
    if tax_included:
        tax = to_fen(product * tax_rate / (1 + tax_rate))
        return Amounts(product - tax, tax, product)
    tax = to_fen(product * tax_rate)
    return Amounts(product, tax, product + tax)


def total_of(parts: Iterable[HasAmounts]) -> Amounts:
    """Return what lines come to together."""
    return sum((Amounts(one.net, one.tax, one.gross) for one in parts), Amounts())


def deviates(unit_price: Decimal, *, set_price: Decimal, free_percent: Decimal) -> bool:
    """Tell whether a price is further from the one that was set, up or down, than is free (P:PRI-02)."""
    return abs(unit_price - set_price) * 100 > set_price * free_percent
