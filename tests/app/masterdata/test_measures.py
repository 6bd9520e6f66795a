"""Units, money and working days."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from app.database.session import session
from app.errors import NotFound, ValidationError
from app.masterdata.choices import DayKind, Dimension, TaxKind
from app.masterdata.measures import convert, rate_on, round_amount, round_minimum, split_amount, tax_rate_on
from app.masterdata.models import Currency, FxRate, TaxRate, UnitOfMeasure
from app.masterdata.working_days import WorkCalendar, add_workdays, calendar_between, clear_day, is_workday, set_day

YUAN = Currency(code="CNY", name="Yuan", exponent=2)
YEN = Currency(code="JPY", name="Yen", exponent=0)


def unit(name, dimension, factor):
    return UnitOfMeasure(code=name, name=name, dimension=dimension, factor=Decimal(factor))


def test_units_convert_within_their_dimension():
    tonne, gram, jin = (
        unit(name, Dimension.MASS, factor) for name, factor in (("t", 1000), ("g", "0.001"), ("jin", "0.5"))
    )

    assert convert(Decimal("1.5"), source=tonne, target=gram) == Decimal(1500000)
    assert convert(Decimal(1), source=gram, target=jin) == Decimal("0.002")
    assert convert(
        Decimal(1), source=unit("pair", Dimension.COUNT, 2), target=unit("six", Dimension.COUNT, 6)
    ) == Decimal("0.333333")
    with pytest.raises(ValidationError) as refusal:
        convert(Decimal(1), source=tonne, target=unit("m", Dimension.LENGTH, 1))
    assert refusal.value.field == "uom"


def test_amounts_are_rounded_half_up_and_minimums_up():
    assert round_amount(Decimal("2.345"), currency=YUAN) == Decimal("2.35")
    assert round_amount(Decimal("-2.345"), currency=YUAN) == Decimal("-2.35")
    assert round_amount(Decimal("2.5"), currency=YEN) == Decimal(3)
    assert round_minimum(Decimal("2.341"), currency=YUAN) == Decimal("2.35")


@given(st.decimals(-(10**9), 10**9, places=2), st.lists(st.integers(0, 1000), min_size=1, max_size=12))
def test_parts_add_up_to_the_whole(amount, weights):
    if not sum(weights):
        with pytest.raises(ValueError, match="weights"):
            split_amount(amount, weights=[Decimal(weight) for weight in weights], currency=YUAN)
        return

    parts = split_amount(amount, weights=[Decimal(weight) for weight in weights], currency=YUAN)

    assert sum(parts) == amount
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - amount * weight / sum(weights)) <= Decimal("0.01")


def test_rates_hold_from_their_day_on(world, run_in):
    def check():
        dollar = Currency(code="USD", name="US dollar", exponent=2)
        session.add(dollar)
        session.flush()
        for day, rate in (("2026-01-01", "7.1"), ("2026-03-01", "7.25")):
            session.add(FxRate(currency_id=dollar.id, valid_from=dt.date.fromisoformat(day), rate=Decimal(rate)))
            session.add(
                TaxRate(
                    category="goods",
                    kind=TaxKind.TAXED,
                    rate=Decimal(rate) / 100,
                    valid_from=dt.date.fromisoformat(day),
                )
            )
        session.flush()

        assert rate_on(dollar, on=dt.date(2026, 2, 28)) == Decimal("7.1")
        assert rate_on(dollar, on=dt.date(2026, 3, 1)) == Decimal("7.25")
        assert tax_rate_on("goods", on=dt.date(2026, 3, 1)).rate == Decimal("0.0725")
        for missing in (
            lambda: rate_on(dollar, on=dt.date(2025, 12, 31)),
            lambda: tax_rate_on("goods", on=dt.date(2025, 12, 31)),
        ):
            with pytest.raises(NotFound):
                missing()

    run_in(world.one, check)


def test_the_database_refuses_impossible_rates(world, run_in):
    def check():
        impossible = (
            TaxRate(category="x", kind=TaxKind.EXEMPT, rate=Decimal("0.13"), valid_from=dt.date(2026, 1, 1)),
            TaxRate(category="x", kind=TaxKind.TAXED, rate=Decimal(13), valid_from=dt.date(2026, 1, 1)),
            Currency(code="BHD", name="Dinar", exponent=3),
            unit("x", Dimension.MASS, 0),
        )
        for row in impossible:
            with pytest.raises(IntegrityError), session.begin_nested():
                session.add(row)

    run_in(world.one, check)


def test_holidays_and_days_worked_in_exchange(world, run_in):
    def check():
        for day in range(1, 8):
            set_day(dt.date(2026, 10, day), kind=DayKind.HOLIDAY, name="国庆节")
        set_day(dt.date(2026, 10, 10), kind=DayKind.WORKDAY, name="调休")

        assert not is_workday(dt.date(2026, 10, 1))
        assert is_workday(dt.date(2026, 10, 8))
        assert is_workday(dt.date(2026, 10, 10))
        assert not is_workday(dt.date(2026, 10, 11))
        assert calendar_between(dt.date(2026, 10, 1), dt.date(2026, 10, 11)).count() == 3
        assert add_workdays(dt.date(2026, 9, 30), 1) == dt.date(2026, 10, 8)
        assert add_workdays(dt.date(2026, 9, 30), 3) == dt.date(2026, 10, 10)
        assert add_workdays(dt.date(2026, 10, 3), 0) == dt.date(2026, 10, 8)
        set_day(dt.date(2026, 10, 10), kind=DayKind.HOLIDAY)
        assert not is_workday(dt.date(2026, 10, 10))
        clear_day(dt.date(2026, 10, 1))
        assert is_workday(dt.date(2026, 10, 1))
        with pytest.raises(ValidationError):
            add_workdays(dt.date(2026, 10, 1), 10**6)

    run_in(world.one, check)
    assert run_in(world.two, lambda: is_workday(dt.date(2026, 10, 2)))


def test_a_calendar_knows_its_limits():
    with pytest.raises(ValueError, match="outside"):
        WorkCalendar(dt.date(2026, 1, 1), dt.date(2026, 1, 2), {}).is_workday(dt.date(2026, 1, 3))
