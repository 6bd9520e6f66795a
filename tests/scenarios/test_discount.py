"""T1 of the policies, from the agreed deal to the paid deposit: four desks decide on three per cent in two days."""

import datetime as dt
from functools import partial

import pytest

from addons.orders import services
from addons.orders.choices import DiscountKind
from tests.addons.orders.fixtures import reviewed, sales_database, world
from tests.addons.orders.office import at, refusal_of, yuan
from tests.addons.orders.reviewing import sign

__all__ = ["database", "reviewed", "world"]
database = sales_database("discount")
MONDAY, TUESDAY = dt.date(2026, 3, 2), dt.date(2026, 3, 3)


@pytest.mark.rule("P:PRI-03", "P:PRI-05", "P:PRI-06", "P:PRI-07", "P:PRI-08", "P:ORD-01")
def test_three_per_cent_off_a_flat_of_89_50_square_metres(reviewed):
    office, refused = reviewed, partial(refusal_of, reviewed)
    sam, sue, guy = (office.user(name) for name in ("sam", "sue", "guy"))
    form = office.reserved(office.line("flat", "89.50", item_id=office.world.item))
    assert form.gross == yuan("805,500.00")
    lines = [{"kind": DiscountKind.PERCENT, "value": yuan(3)}]
    request = services.create_discount(actor=sue, now=at("14:00", MONDAY), reservation_id=form.id, lines=lines)
    services.submit_discount(request, actor=sue, now=at("14:00", MONDAY))
    assert refused(services.sign_reservation, form, actor=sam, now=at("14:10", MONDAY)).code == "workflow.state"

    sign(office, request, "max", at("15:00", MONDAY), opinion="客户意向强,建议同意")
    sign(office, request, "mia", at("16:00", MONDAY), opinion="同意上报")
    assert (request.state, request.forwarded_at) == ("deciding", at("16:00", MONDAY))
    services.approve_discount(request, actor=guy, opinion="同意", now=at("11:00", TUESDAY))

    assert (request.state, request.issued_at) == ("issued", at("11:00", TUESDAY))
    assert (request.forwarded_late, request.issued_late) == (0, 0)
    assert request.granted_net == form.gross == yuan("781,335.00")
    services.sign_reservation(form, actor=sam, now=at("14:00", TUESDAY))
    office.pay(form, "20000")
    assert (form.number, form.state) == ("RS2026-0001", "deposit_paid")
