"""Changes of confirmed orders, and orders that are taken back to be changed."""

import datetime as dt

import pytest

from addons.orders import services
from addons.orders.choices import PaymentMethod
from addons.orders.parameters import PREPAYMENT
from addons.orders.queries import find_live_order_of, list_requests
from app.documents.references import find_ref, list_links
from app.errors import Conflict, NotAllowed, ValidationError
from tests.addons.orders.office import at, yuan


def asked(office, order, product="bolt", quantity="80", **values):
    lines = [{"product_id": office.world.products[product], "quantity": yuan(quantity)}]
    given = {"lines": lines, "reason": "The customer needs less", **values}
    return services.create_change(actor=office.user("sam"), now=at(), order_id=order.id, **given)


def approved(office, change):
    services.assess_change(change, actor=office.user("cle"), impact="Twenty stay in stock", now=at())
    services.approve_change(change, actor=office.user("max"))
    return change


@pytest.mark.rule("S:ORD-10")
def test_a_change_is_assessed_approved_and_applied(office, refused):
    order = office.ordered(office.line("bolt", "100"), to="released")
    change = asked(office, order, promised_on=dt.date(2026, 3, 20))
    assert (change.amount_before, change.amount_after, change.difference) == (10_000, 8_000, -2_000)
    assert refused(services.approve_change, change, actor=office.user("max")).code == "workflow.state"
    services.assess_change(change, actor=office.user("cle"), impact="Twenty stay in stock", now=at())
    assert type(refused(services.approve_change, change, actor=office.user("sam"))) is NotAllowed

    services.approve_change(change, actor=office.user("max"))
    services.apply_change(change, actor=office.user("cle"), now=at())

    assert (change.number, change.state) == ("BG2026-0001", "applied")
    assert (order.gross, order.lines[0].quantity, order.promised_on) == (8_000, 80, dt.date(2026, 3, 20))
    assert office.receivables(order)[0].open_amount == 8_000
    assert [one.quantity for one in list_requests(order.id)] == [80]
    (link,) = list_links(find_ref("orders.OrderChange", change.id))
    assert (link.kind, link.amount) == ("amends", -2_000)


@pytest.mark.rule("S:ORD-10")
def test_more_is_asked_for_and_what_is_new_takes_the_list_price(office):
    order = office.ordered(office.line("bolt", "100"), to="released")
    change = approved(office, asked(office, order, "hour", "4"))
    services.apply_change(change, actor=office.user("cle"), now=at())
    assert [(line.description, line.gross) for line in order.lines] == [("Bolt", 10_000), ("Hour", 200)]
    assert office.owed(order) == [("balance", "10000.00", "open"), ("balance", "200.00", "open")]
    assert [one.quantity for one in list_requests(order.id)] == [100, 4]


@pytest.mark.rule("S:ORD-10")
def test_a_change_below_what_was_shipped_is_refused(office, refused):
    order = office.ordered(office.line("bolt", "100"), to="released")
    change = approved(office, asked(office, order))
    services.ship_order(order, actor=office.user("cle"), line_number=1, quantity=yuan(90))

    error = refused(asked, office, order)
    assert (type(error), error.code, error.data["limit"]) == (Conflict, "change.shipped", "90")
    assert refused(services.apply_change, change, actor=office.user("cle"), now=at()).code == "change.shipped"


@pytest.mark.rule("S:ORD-10")
def test_what_was_paid_beyond_the_new_total_is_given_back_first(office, refused):
    order = office.ordered(office.line("bolt", "100"), to="released")
    office.pay(order, "9000")
    change = approved(office, asked(office, order))
    error = refused(services.apply_change, change, actor=office.user("cle"), now=at())
    assert (type(error), error.code, error.data["amount"]) == (Conflict, "order.overpaid", "1,000.00")


@pytest.mark.rule("S:ORD-10")
@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"lines": []}, "change.nothing"),
        ({"quantity": "0"}, "change.quantity"),
        ({"product": "rare", "quantity": "1"}, "orders.unpriced"),
        ({"promised_on": dt.date(2026, 3, 1)}, "order.promised"),
    ],
)
def test_a_change_that_cannot_be_is_refused(office, refused, values, code):
    order = office.ordered(office.line("bolt", "100"), to="confirmed")
    error = refused(asked, office, order, **values)
    assert (type(error), error.code) == (ValidationError, code)


@pytest.mark.rule("S:ORD-10", "S:ORD-11")
def test_only_confirmed_orders_are_changed_so(office, refused):
    assert refused(asked, office, office.ordered()).code == "change.state"
    order = office.ordered(office.line("bolt", "50"), office.line("bolt", "50"), to="confirmed")
    assert refused(asked, office, order).code == "change.several"


@pytest.mark.rule("P:ORD-05")
def test_an_order_that_is_taken_back_keeps_its_number_and_what_was_paid(office, refused):
    order = office.ordered(office.line("bolt", "10"), to="released")
    office.pay(order, "400")
    services.reopen_order(order, actor=office.user("max"), reason="Twelve instead", now=at())
    assert (order.state, [one.state for one in list_requests(order.id)]) == ("draft", ["cancelled"])
    assert refused(services.delete_order, order, actor=office.user("sam")).code == "order.kept"

    services.update_order(order, actor=office.user("sam"), lines=[office.line("bolt", "12")])
    office.brought(order, "confirmed")

    assert order.number == "SO2026-0001"
    assert office.owed(order) == [("balance", "1000.00", "settled"), ("balance", "800.00", "open")]


@pytest.mark.rule("S:ORD-10")
def test_a_change_to_more_than_an_amount_holds_is_refused(office, refused):
    order = office.ordered(office.line("bolt", "100"), to="released")
    error = refused(asked, office, order, "bolt", "999999999999")
    assert (error.code, error.field, error.data["limit"]) == ("orders.too_large", "lines", "999,999,999,999.99")


@pytest.mark.rule("P:ORD-05", "P:PAY-06")
def test_an_order_that_was_confirmed_reserved_or_paid_for_keeps_its_customer(office, refused):
    confirmed, wu = office.ordered(office.line("bolt", "10"), to="confirmed"), office.world.partners["Wu"]
    services.reopen_order(confirmed, actor=office.user("max"), reason="For Wu", now=at())

    form = office.reserved(to="signed")
    made = {"promised_on": dt.date(2026, 6, 1), "payment_method": PaymentMethod.TRANSFER, "now": at()}
    services.make_order(form, actor=office.user("sam"), **made)

    office.set(PREPAYMENT, yuan(30))
    prepaid = office.ordered(office.line("bolt", "10"), to="audited")
    office.pay(prepaid, "300")
    services.give_back_order(prepaid, actor=office.user("sue"), reason="Wrong address", now=at())

    for order in (confirmed, find_live_order_of(form.id), prepaid):
        error = refused(services.update_order, order, actor=office.user("cle"), partner_id=wu)
        assert (type(error), error.code, error.field) == (Conflict, "order.partner", "partner_id")
        services.update_order(order, actor=office.user("cle"), partner_id=order.partner_id, note="As it was")
        assert (order.partner_name, order.note) == ("Li", "As it was")

    fresh = office.ordered()
    services.update_order(fresh, actor=office.user("cle"), partner_id=wu)
    assert fresh.partner_name == "Wu"
