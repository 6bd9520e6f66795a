"""Agreed deals are entered in time, and sales recorded."""

import datetime as dt

import pytest

from addons.orders import services
from addons.orders.choices import SalesChannel
from addons.orders.queries import to_enter
from app.errors import ValidationError
from tests.addons.orders.office import DAY, at, yuan


def deal(office):
    sam = office.user("sam")
    from app.companies.org import owner_and_unit

    employee, unit_id = owner_and_unit(sam, on=DAY)
    return services.note_deal(office.world.partners["Li"], agreed_at=at(), owner_id=employee.id, org_unit_id=unit_id)


@pytest.mark.rule("P:ORD-04")
@pytest.mark.parametrize(("clock", "late"), [("10:00", False), ("11:00", True)])
def test_a_deal_of_ten_o_clock_is_entered_by_ten_the_next_day(office, clock, late):
    waiting = deal(office)
    assert to_enter(office.user("sam")) == [waiting]

    services.create_reservation(
        actor=office.user("sam"),
        now=at(clock, dt.date(2026, 3, 3)),
        partner_id=office.world.partners["Li"],
        deposit=yuan(20_000),
        lines=[office.line("flat", "89.50")],
    )

    assert (waiting.is_late, str(waiting.document)) == (late, "Li")
    assert to_enter(office.user("sam")) == []


def test_a_deal_that_came_to_nothing_is_not_waited_for(office):
    deal(office)
    services.drop_deal(office.world.partners["Li"])
    assert to_enter(office.user("sam")) == []


def sold(office, total="100", now=None, **values):
    given = {"quantity": yuan(2), "unit_price": yuan(50), "channel": SalesChannel.ONLINE, **values}
    partner, product = office.world.partners["Li"], office.world.products["hour"]
    sale = {"partner_id": partner, "product_id": product, "total": yuan(total), **given}
    return services.create_sale(actor=office.user("sam"), now=now or at(), **sale)


@pytest.mark.rule("S:ORD-23")
def test_a_sale_is_recorded_with_a_total_that_adds_up(office, refused):
    error = refused(sold, office, total="110")
    assert (type(error), error.field, str(error)) == (ValidationError, "total", "2 × 50 is 100.00, not 110.00.")

    sale = sold(office)
    assert (sale.sold_on, sale.owner.name, sale.hours_late) == (DAY, "Sam", 0)
    wrong = refused(services.update_sale, sale, actor=office.user("sam"), quantity=yuan(3))
    assert wrong.code == "sale.total"


@pytest.mark.rule("S:ORD-23")
def test_a_sale_of_yesterday_is_recorded_today_and_later_is_late(office, refused):
    assert sold(office, now=at("23:59", dt.date(2026, 3, 3)), sold_on=DAY).hours_late == 0
    assert sold(office, now=at("02:30", dt.date(2026, 3, 4)), sold_on=DAY).hours_late == 3
    assert refused(sold, office, sold_on=dt.date(2026, 3, 3)).code == "sale.future"
    assert refused(sold, office, quantity=yuan(0), total="0").code == "sale.quantity"
