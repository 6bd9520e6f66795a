"""How an amount is shared out among those who earned it."""

from decimal import Decimal

from addons.contracts.services.credits import split_amount


def test_parts_add_up_to_the_fen():
    assert split_amount(Decimal("-100.01"), [Decimal(50), Decimal(50)]) == [Decimal("-50.01"), Decimal("-50.00")]
    third = Decimal("33.333333")
    parts = split_amount(Decimal("100.00"), [third, third, Decimal("33.333334")])
    assert sum(parts) == 100
    assert sorted(parts) == [Decimal("33.33"), Decimal("33.33"), Decimal("33.34")]
