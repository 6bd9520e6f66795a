"""Amounts of lines: half-up to the fen, and net and tax come to the gross."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.orders.queries import Amounts, deviates, line_amounts, plain, total_of
from addons.orders.queries.amounts import FEN

QUANTITIES = st.decimals("0.000001", "100000", places=6)
PRICES = st.decimals("0", "100000", places=6)
RATES = st.sampled_from([Decimal(rate) for rate in ("0", "0.01", "0.03", "0.06", "0.09", "0.13")])


@pytest.mark.rule("P:ORD-05")
@pytest.mark.parametrize(
    ("quantity", "price", "rate", "included", "amounts"),
    [
        ("89.50", "9000", "0", True, ("805500.00", "0.00", "805500.00")),  # T1
        ("89.50", "9000", "0.09", True, ("738990.83", "66509.17", "805500.00")),
        ("3", "100", "0.13", False, ("300.00", "39.00", "339.00")),
        ("1", "0.005", "0", True, ("0.01", "0.00", "0.01")),
        ("0.333333", "0.03", "0.13", True, ("0.01", "0.00", "0.01")),
    ],
)
def test_a_line_comes_to(quantity, price, rate, included, amounts):
    found = line_amounts(Decimal(quantity), Decimal(price), tax_rate=Decimal(rate), tax_included=included)
    assert found == Amounts(*(Decimal(one) for one in amounts))


@given(QUANTITIES, PRICES, RATES, st.booleans())
def test_net_and_tax_always_come_to_the_gross(quantity, price, rate, included):
    found = line_amounts(quantity, price, tax_rate=rate, tax_included=included)
    assert found.net + found.tax == found.gross
    assert all(one == one.quantize(FEN) and one >= 0 for one in (found.net, found.tax, found.gross))
    assert total_of([found, found]) == Amounts(2 * found.net, 2 * found.tax, 2 * found.gross)


@pytest.mark.rule("P:PRI-02")
@pytest.mark.parametrize(
    ("price", "free", "far"),
    [("100", "0", False), ("99.99", "0", True), ("100.01", "0", True), ("97", "3", False), ("96.999999", "3", True)],
)
def test_a_price_departs_up_and_down_alike(price, free, far):
    assert deviates(Decimal(price), set_price=Decimal(100), free_percent=Decimal(free)) is far


@pytest.mark.parametrize(
    ("number", "words"), [("89.500000", "89.5"), ("9000.000000", "9,000"), ("0.000001", "0.000001")]
)
def test_numbers_are_said_without_needless_zeros(number, words):
    assert plain(Decimal(number)) == words
