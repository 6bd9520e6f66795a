"""What is checked, told and done for an order: credit, prepayment, dispatch, shipment, close."""

import datetime as dt

import pytest
import sqlalchemy as sa

from addons.orders import services
from addons.orders.choices import CheckKind, GuaranteeKind, NoteKind, OrderForm
from addons.orders.models import DispatchRule
from addons.orders.parameters import BALANCE_BEFORE_DELIVERY, CHECKS, EXPORT_UNITS
from addons.orders.queries import (
    days_late,
    due_soon,
    due_writing,
    list_checks,
    list_notes,
    list_requests,
    silent,
    still_missing,
)
from addons.payments.api import Claim, ReceivableKind, open_receivable
from app.documents.claims import find_claim
from app.documents.references import ref_of
from app.errors import Conflict, NotAllowed, ValidationError
from tests.addons.orders.office import DAY, Office, at, yuan


def states(order):
    return {check.kind.value: check.state.value for check in list_checks(order.id)}


@pytest.mark.rule("S:ORD-03")
def test_with_two_of_three_checks_an_order_is_not_confirmed(office, refused):
    order = office.ordered(to="submitted")
    assert states(order) == {"credit": "passed", "rule": "open", "stock": "open"}
    services.audit_order(order, actor=office.user("sue"), now=at())
    services.audit_order_finance(order, actor=office.user("fin"), now=at())
    assert states(order) == {"credit": "passed", "rule": "passed", "stock": "open"}

    error = refused(services.confirm_order, order, actor=office.user("sue"), now=at())
    assert (type(error), str(error)) == (Conflict, "Not every check is passed yet: Stock.")
    clerk, check = office.user("cle"), {"check": CheckKind.STOCK, "now": at()}
    unsaid = refused(services.check_order, order, actor=clerk, passed=False, **check)
    assert (type(unsaid), unsaid.field) == (ValidationError, "note")
    services.check_order(order, actor=clerk, passed=False, note="60 of 100 are there", **check)
    assert refused(services.confirm_order, order, actor=office.user("sue"), now=at()).code == "order.unchecked"

    services.check_order(order, actor=clerk, passed=True, **check)
    services.confirm_order(order, actor=office.user("sue"), now=at())
    assert order.state == "confirmed"


@pytest.mark.rule("S:ORD-04")
def test_beyond_the_credit_limit_a_guarantee_or_an_override_is_needed(office, refused):
    li = office.world.partners["Li"]
    services.create_terms(actor=office.user("fin"), partner_id=li, credit_limit=yuan("100,000"), prepayment=None)
    owed = office.ordered(office.line("bolt", "1"), to="confirmed")
    claim = {"partner_id": li, "kind": ReceivableKind.BALANCE, "amount": yuan("79,900"), "due_on": DAY}
    open_receivable(Claim(source=ref_of(owed, "orders.Order"), **claim), actor=office.user("fin"), now=at())
    order, other = (office.ordered(office.line("bolt", "300"), to="submitted") for _ in range(2))
    assert states(order)["credit"] == "failed"  # Limit 100,000, open 80,000, new 30,000.

    clerk = office.user("cle")
    given = {"order_id": order.id, "kind": GuaranteeKind.SURETY, "guarantor": "Wu"}
    services.create_guarantee(actor=clerk, amount=yuan("9,999.99"), **given)
    error = refused(services.check_order, order, actor=clerk, check=CheckKind.CREDIT, passed=True, now=at())
    assert error.code == "order.credit"
    services.create_guarantee(actor=clerk, amount=yuan("0.01"), **given)
    services.check_order(order, actor=clerk, check=CheckKind.CREDIT, passed=True, now=at())
    assert states(order)["credit"] == "passed"

    override = {"check": CheckKind.CREDIT, "reason": "Our oldest customer", "now": at()}
    assert type(refused(services.override_check, other, actor=office.user("sue"), **override)) is NotAllowed
    services.override_check(other, actor=office.user("guy"), **override)
    assert states(other)["credit"] == "overridden"
    office.brought(other, "confirmed")


@pytest.mark.rule("S:PAY-03")
def test_finance_waits_for_what_is_paid_beforehand(office, refused):
    li = office.world.partners["Li"]
    services.create_terms(actor=office.user("fin"), partner_id=li, credit_limit=None, prepayment=yuan(30))
    order = office.ordered(office.line("bolt", "100"), to="audited")
    assert office.owed(order) == [("balance", "3000.00", "open")]
    office.pay(order, "2000")

    error = refused(services.audit_order_finance, order, actor=office.user("fin"), now=at())
    assert (type(error), str(error)) == (Conflict, "3,000.00 of it is paid beforehand; 2,000.00 has come in.")

    office.pay(order, "1000")
    office.brought(order, "confirmed")
    assert office.owed(order) == [("balance", "3000.00", "settled"), ("balance", "7000.00", "open")]


@pytest.mark.rule("S:ORD-04", "S:PAY-03")
@pytest.mark.parametrize(("name", "value"), [("credit_limit", "-0.01"), ("prepayment", "100.01"), ("prepayment", "-1")])
def test_terms_that_cannot_be_are_refused(office, refused, name, value):
    values = {"credit_limit": None, "prepayment": None, name: yuan(value)}
    partner = office.world.partners["Wu"]
    error = refused(services.create_terms, actor=office.user("fin"), partner_id=partner, **values)
    assert (type(error), error.field) == (ValidationError, name)


@pytest.mark.rule("S:ORD-07", "P:ORD-06")
def test_a_released_order_goes_to_the_departments_of_its_products(office, refused):
    (rest,) = office.session.scalars(sa.select(DispatchRule)).all()
    products, unit = office.world.products, rest.unit_id
    services.create_rule(actor=office.user("max"), product_id=products["bolt"], unit_id=unit, task="Make")
    services.create_rule(actor=office.user("max"), product_id=products["hour"], unit_id=unit, task="Buy")
    office.session.delete(rest)
    lines = [office.line("bolt", "40"), office.line("hour", "20")]
    order = office.ordered(*lines, to="released")
    assert [(one.task, one.quantity) for one in list_requests(order.id)] == [("Make", 40), ("Buy", 20)]

    unmapped = office.ordered(office.line("flat", "1"), to="confirmed")
    error = refused(services.release_order, unmapped, actor=office.user("sue"), now=at())
    assert (type(error), error.code, error.data["product"]) == (Conflict, "order.unmapped", "Flat")


@pytest.mark.rule("S:ORD-06", "S:ORD-07")
def test_a_department_says_when_it_will_be_done(office, refused):
    order = office.ordered(to="released")
    (request,) = list_requests(order.id)
    accept, boss = services.accept_request, office.user("max")
    early = refused(accept, request, actor=boss, expected_on=dt.date(2026, 3, 1), today=DAY)
    assert (type(early), early.data["limit"]) == (ValidationError, DAY)
    accept(request, actor=boss, expected_on=dt.date(2026, 3, 20), today=DAY)
    services.finish_request(request, actor=boss)
    assert (request.state, request.expected_on) == ("done", dt.date(2026, 3, 20))


@pytest.mark.rule("S:ORD-13", "P:ORD-09", "S:ORD-22")
def test_goods_are_shipped_signed_for_closed_and_filed(office, refused):
    order = office.ordered(office.line("bolt", "10"), to="released")
    clerk, sam = office.user("cle"), office.user("sam")
    assert refused(services.deliver_order, order, actor=clerk).code == "workflow.state"  # Pending is not signed for.

    more = refused(services.ship_order, order, actor=clerk, line_number=1, quantity=yuan(11))
    assert (type(more), more.data["limit"]) == (ValidationError, "10")
    services.ship_order(order, actor=clerk, line_number=1, quantity=yuan(8))
    assert order.state == "shipped"
    services.deliver_order(order, actor=clerk)
    assert (order.state, order.lines[0].delivered) == ("part_delivered", 8)
    assert refused(services.close_order, order, actor=sam, today=DAY).code == "workflow.state"

    services.ship_order(order, actor=clerk)
    services.deliver_order(order, actor=clerk)
    assert order.state == "delivered"
    due = refused(services.close_order, order, actor=sam, today=DAY)
    assert (due.code, due.data["amount"]) == ("order.due", "1,000.00")
    office.pay(order, "1000")
    services.close_order(order, actor=sam, today=DAY)

    assert services.note_missing_papers(at("12:00", dt.date(2026, 3, 9))) == 0
    assert services.note_missing_papers(at("12:00", dt.date(2026, 3, 10))) == 1  # Day 8.
    services.file_papers(order, actor=sam, filed_under="2026/3-12", today=DAY)
    assert (order.state, order.filed_under) == ("closed", "2026/3-12")


@pytest.mark.rule("P:ORD-09")
def test_the_buyer_does_without_the_rest_and_the_total_follows(office):
    order = office.ordered(office.line("bolt", "10"), office.line("hour", "2"), to="released")
    services.ship_order(order, actor=office.user("cle"), line_number=1, quantity=yuan(8))
    services.deliver_order(order, actor=office.user("cle"))
    services.close_short(order, actor=office.user("max"), reason="The buyer agrees", now=at())
    assert (order.state, order.gross, len(order.lines)) == ("delivered", 800, 1)
    assert office.owed(order) == [("balance", "1100.00", "open")]
    assert office.receivables(order)[0].open_amount == 800


@pytest.mark.rule("P:ORD-09", "S:ORD-07", "S:ORD-06", "S:RE-03")
def test_nobody_works_on_or_keeps_what_the_buyer_does_without(office):
    flat = office.line("flat", "60", item_id=office.world.item)
    order = office.ordered(office.line("bolt", "10"), flat, office.line("hour", "2"), to="submitted")
    clerk = office.user("cle")
    services.note_shortage(order, actor=clerk, missing=yuan(4), line_number=1, now=at())
    services.promise_shortage(
        still_missing(order.id)[0], actor=clerk, expected_on=dt.date(2026, 3, 20), now=at(), today=DAY
    )
    office.brought(order, "released")
    bolts, home, hours = list_requests(order.id)
    services.accept_request(home, actor=clerk, expected_on=DAY, today=DAY)
    for number, quantity in ((1, yuan(6)), (3, None)):
        services.ship_order(order, actor=clerk, line_number=number, quantity=quantity)
    services.deliver_order(order, actor=clerk)

    services.close_short(order, actor=office.user("max"), reason="The buyer agrees", now=at())

    assert [one.state for one in (bolts, home, hours)] == ["cancelled", "cancelled", "open"]  # The hours were worked.
    assert (still_missing(order.id), find_claim(office.world.item)) == ([], None)


@pytest.mark.rule("P:ORD-06")
def test_where_the_balance_comes_first_nothing_unpaid_is_shipped(office, refused):
    office.set(BALANCE_BEFORE_DELIVERY, "yes")
    order = office.ordered(to="released")
    assert refused(services.ship_order, order, actor=office.user("cle")).code == "order.balance_first"
    office.pay(order, "300")
    services.ship_order(order, actor=office.user("cle"))
    assert order.state == "shipped"


@pytest.mark.rule("S:ORD-01")
def test_a_verbal_order_is_put_in_writing_before_it_is_shipped(office, refused):
    order = office.ordered(form=OrderForm.VERBAL, to="released")  # Verbal on 2 March at 10:00.
    assert order.writing_due_at == at("10:00", dt.date(2026, 3, 3))
    assert due_writing(office.user("sam")) == [order]
    assert refused(services.ship_order, order, actor=office.user("cle")).code == "order.unwritten"

    assert services.note_missed_records(at("10:00", dt.date(2026, 3, 3))) == 0
    assert services.note_missed_records(at("10:01", dt.date(2026, 3, 3))) == 1
    assert services.note_missed_records(at("10:02", dt.date(2026, 3, 3))) == 0

    services.record_writing(order, actor=office.user("sam"), customer_number="PO-7", now=at("11:00"))
    services.ship_order(order, actor=office.user("cle"))
    assert (order.state, order.customer_number) == ("shipped", "PO-7")


@pytest.mark.rule("S:ORD-08", "P:ORD-08")
def test_progress_is_told_and_force_majeure_to_the_customer_first(office, refused):
    order, sam = office.ordered(to="released"), office.user("sam")
    sixth, note = dt.date(2026, 3, 6), services.note_progress
    assert silent(sam, dt.date(2026, 3, 5)) == []
    assert silent(sam, sixth) == [order]  # No note for four days.
    note(order, actor=sam, kind=NoteKind.PROGRESS, text="Half is made", customer_told=False, now=at("09:00", sixth))
    assert silent(sam, sixth) == []

    flood = {"actor": sam, "kind": NoteKind.FORCE_MAJEURE, "text": "Flood", "now": at("10:00", sixth)}
    error = refused(note, order, customer_told=False, **flood)
    assert (type(error), error.field) == (ValidationError, "customer_told")
    note(order, customer_told=True, promised_on=dt.date(2026, 3, 20), **flood)

    assert [one.kind for one in list_notes(order.id)] == ["force_majeure", "progress"]
    assert (order.promised_on, list_notes(order.id)[0].promised_before) == (dt.date(2026, 3, 20), dt.date(2026, 3, 10))


@pytest.mark.rule("P:ORD-08")
def test_a_delivery_is_watched_from_two_days_before(office):
    order, sam = office.ordered(to="released"), office.user("sam")  # Promised for the 10th.
    assert [due_soon(sam, dt.date(2026, 3, day)) for day in (7, 8, 11)] == [[], [order], [order]]
    assert [days_late(order.promised_on, dt.date(2026, 3, day)) for day in (10, 11)] == [0, 1]


@pytest.mark.rule("S:ORD-16")
def test_units_that_export_write_export_orders_only(office, refused):
    office.set(EXPORT_UNITS, ["one"])
    error = refused(office.ordered)
    assert (type(error), error.field) == (ValidationError, "business_type")


@pytest.mark.rule("S:ORD-03")
def test_a_company_without_checks_confirms_after_the_audits(office):
    office.set(CHECKS, [])
    order = office.ordered(to="submitted")
    services.audit_order(order, actor=office.user("sue"), now=at())
    services.audit_order_finance(order, actor=office.user("fin"), now=at())
    services.confirm_order(order, actor=office.user("sue"), now=at())
    assert (order.state, list_checks(order.id)) == ("confirmed", [])


@pytest.mark.rule("S:ORD-01")
def test_a_number_that_is_too_long_is_refused(login, world, run_in):
    def write():
        return Office(world).ordered(form=OrderForm.VERBAL).id

    client, address = login("sam", world.one), f"/api/v1/orders/order/{run_in(world.one, write)}"
    sent = {"customer_number": "9" * 61}
    answer = client.post(f"{address}/record_writing", json=sent)
    assert (answer.status_code, answer.json["error"], answer.json["data"]["limit"]) == (422, "argument.long", 60)
    assert client.get(address).json["result"]["written_at"] is None
