"""Returns and exchanges: no more than was sold, no more than was paid, in time or let through by a manager."""

import datetime as dt

import pytest
import sqlalchemy as sa

from addons.orders import services
from addons.orders.choices import ReturnWish
from addons.orders.models import Order, ReturnLine, ReturnOrder
from addons.orders.parameters import RETURN_DAYS
from addons.orders.queries import credit_of, explain_return, order_payment, payment_of_order
from app.documents.claims import find_claim
from app.documents.references import find_ref, list_links
from app.errors import Conflict, NotAllowed, ValidationError
from tests.addons.orders.office import DAY, at, yuan


@pytest.fixture
def method(office):
    """How money is paid back: in cash."""
    from addons.payments.models import Method

    return office.session.get_one(Method, office.world.cash)


def sold(office, *lines, pay=None, **values):
    """Return Li's order of ten bolts at 100, confirmed, of which something may be paid."""
    order = office.ordered(*(lines or [office.line("bolt", "10")]), to="confirmed", **values)
    if pay is not None:
        office.pay(order, pay)
    return order


def asked(office, order, *lines, by="sam", **values):
    """Return Sam's request to take goods of an order back, handed over on the day of the order."""
    given = {"order_id": order.id, "handed_over_on": DAY, "reason": "Too short", **values}
    return services.create_return(actor=office.user(by), now=at(), lines=list(lines), **given)


def back(office, order, *lines, **values):
    """Return a request that was approved, with the goods back in the store."""
    form = asked(office, order, *lines, **values)
    services.approve_return(form, actor=office.user("sue"), now=at())
    services.receive_return(form, actor=office.user("cle"), now=at())
    return form


def bolts(office, quantity):
    """Return a line of a return as a form sends it."""
    return {"product_id": office.world.products["bolt"], "item_id": None, "quantity": yuan(quantity)}


def taken(office):
    """Return what stands in the tables of returns."""
    return [office.session.scalar(sa.select(sa.func.count(model.id))) for model in (ReturnOrder, ReturnLine)]


@pytest.mark.rule("S:PAY-06", "S:PAY-04")
def test_no_more_is_paid_back_than_was_paid(office, refused, method):
    order = sold(office, pay="500")
    error = refused(asked, office, order, refund=yuan("600"))
    assert (type(error), error.code, error.field) == (ValidationError, "return.above_paid", "refund")
    assert str(error) == "The refund is between 0.00 and the 500.00 that are paid."
    assert taken(office) == [0, 0]

    form = back(office, order, refund=yuan("500"))
    assert (form.number, form.gross, form.lines[0].quantity) == ("TH2026-0001", 1_000, 10)
    assert refused(services.refund_return, form, actor=office.user("fin"), now=at()).code == "return.method"
    services.refund_return(form, actor=office.user("fin"), method=method, now=at())

    assert (form.state, order_payment(order)) == ("refunded", (0, 0))
    (link,) = list_links(find_ref("orders.ReturnOrder", form.id))
    assert (link.kind, str(link.target), link.amount) == ("reverses", order.number, 1_000)


@pytest.mark.rule("S:PAY-06", "S:PAY-04")
def test_what_is_still_due_is_taken_off_first(office, method):
    order = sold(office, office.line("bolt", "100"), pay="4000")
    paid = [(str(label), amount) for label, amount in payment_of_order(order.id)]
    assert paid == [("Paid so far", "4,000.00"), ("Still due", "6,000.00")]  # The example of S:PAY-04.

    form = back(office, order, bolts(office, "70"))
    assert (form.gross, form.refund) == (7_000, 1_000)
    assert [amount for _label, amount in explain_return(form.id)][1:] == ["4,000.00", "6,000.00"]
    services.refund_return(form, actor=office.user("fin"), method=method, now=at())
    assert order_payment(order) == (3_000, 0)
    assert office.owed(order) == [("balance", "10000.00", "settled")]


@pytest.mark.rule("S:PAY-06")
def test_a_return_of_an_unpaid_order_only_lowers_what_is_due(office):
    order = sold(office)
    form = back(office, order, bolts(office, "4"))
    assert form.refund == 0
    services.refund_return(form, actor=office.user("fin"), now=at())
    assert order_payment(order) == (0, 600)

    rest = back(office, order)
    services.refund_return(rest, actor=office.user("fin"), now=at())
    assert order_payment(order) == (0, 0)
    assert office.owed(order) == [("balance", "1000.00", "cancelled")]


@pytest.mark.rule("S:PAY-06")
def test_no_more_comes_back_than_was_sold_or_delivered(office, refused):
    order = sold(office)
    asked(office, order, bolts(office, "8"))
    error = refused(asked, office, order, bolts(office, "2.01"))
    assert (error.code, str(error)) == ("return.too_many", "Bolt: at most 2 can be returned.")
    assert refused(asked, office, order, bolts(office, "0")).code == "orders.quantity"
    strange = {"product_id": office.world.products["hour"], "item_id": None, "quantity": yuan(1)}
    assert refused(asked, office, order, strange).code == "return.product"
    asked(office, order, bolts(office, "2"))
    assert refused(asked, office, order).code == "return.nothing"

    part = sold(office)
    part.lines[0].shipped, part.lines[0].delivered = yuan("6"), yuan("5")
    assert refused(asked, office, part, bolts(office, "6")).data["limit"] == "5"
    assert asked(office, part).gross == 500


@pytest.mark.rule("S:PAY-06")
def test_a_request_says_what_when_and_why(office, refused):
    draft, order = office.ordered(), sold(office, pay="1000")
    assert (refused(asked, office, draft).code, refused(asked, office, order, reason="  ").field) == (
        "return.unbound",
        "reason",
    )
    early = refused(asked, office, order, handed_over_on=DAY - dt.timedelta(days=1))
    assert (early.code, early.data["limit"]) == ("return.handed_over", DAY)
    assert refused(asked, office, order, handed_over_on=DAY + dt.timedelta(days=1)).code == "return.handed_over"
    worth = refused(asked, office, order, bolts(office, "4"), refund=yuan("400.01"))
    assert (worth.code, worth.data["limit"]) == ("return.above_worth", "400.00")
    first = asked(office, order, bolts(office, "8"))
    assert first.refund == 800
    assert refused(asked, office, order, bolts(office, "2"), refund=yuan("200.01")).data["limit"] == "200.00"

    services.update_return(first, actor=office.user("sam"), refund=yuan("700"), reason="Scratched")
    assert (first.refund, first.gross) == (700, 800)
    own = refused(services.approve_return, first, actor=office.user("sam"), now=at())
    assert type(own) is NotAllowed
    services.approve_return(first, actor=office.user("sue"), now=at())
    fixed = refused(services.update_return, first, actor=office.user("sam"), reason="No")
    assert (type(fixed), fixed.code) == (Conflict, "return.fixed")


@pytest.mark.rule("S:PAY-06")
@pytest.mark.parametrize(("days", "late"), [(7, False), (8, True)])
def test_after_the_window_only_a_manager_lets_it_through(office, refused, days, late):
    order = sold(office)
    form = asked(office, order, doc_date=DAY + dt.timedelta(days=days))
    verbs = {True: services.approve_return, False: services.approve_late_return}
    words = {True: {}, False: {"reason": "A good customer"}}
    error = refused(verbs[late], form, actor=office.user("max"), now=at(), **words[late])
    assert error.code == ("return.late" if late else "return.in_time")
    verbs[not late](form, actor=office.user("max"), now=at(), **words[not late])
    assert form.state == "approved"

    office.set(RETURN_DAYS, 0)
    today = asked(office, sold(office))
    services.approve_return(today, actor=office.user("max"), now=at())


@pytest.mark.rule("S:PAY-06")
def test_an_exchange_is_an_order_that_costs_nothing(office, refused, method):
    order = sold(office, pay="1000")
    form = back(office, order, bolts(office, "3"), wish=ReturnWish.EXCHANGE, refund=yuan("300"))
    assert form.refund == 0
    money = refused(services.refund_return, form, actor=office.user("fin"), method=method, now=at())
    assert money.code == "return.exchange"

    services.exchange_return(form, actor=office.user("cle"), promised_on=DAY + dt.timedelta(days=3), now=at())
    anew = office.session.get_one(Order, form.replacement_id)
    assert (form.state, anew.state, anew.gross, anew.lines[0].quantity) == ("exchanged", "draft", 0, 3)
    office.brought(anew, "confirmed")
    assert (office.owed(anew), order_payment(order)) == ([], (1_000, 0))


@pytest.mark.rule("S:PAY-06")
def test_a_single_item_that_came_back_is_free(office):
    order = office.ordered(office.line("flat", "89.50", item_id=office.world.item), to="confirmed")
    assert find_claim(office.world.item) is not None
    form = asked(office, order)
    services.approve_return(form, actor=office.user("sue"), now=at())
    assert find_claim(office.world.item) is not None
    services.receive_return(form, actor=office.user("cle"), now=at())
    assert find_claim(office.world.item) is None


@pytest.mark.rule("S:PAY-06")
def test_a_rejected_or_cancelled_return_counts_for_nothing(office, refused):
    order = sold(office, pay="1000")
    services.reject_return(asked(office, order), actor=office.user("sue"), reason="Used")
    given_up = asked(office, order)
    services.cancel_return(given_up, actor=office.user("sam"), reason="Keeps them")
    assert refused(services.receive_return, given_up, actor=office.user("cle"), now=at()).code == "workflow.state"
    assert asked(office, order).refund == 1_000


def refunded(office, order, *lines, method=None):
    """Return a return that was paid back, or taken off what was due."""
    form = back(office, order, *lines)
    services.refund_return(form, actor=office.user("fin"), method=method, now=at())
    return form


def changed(office, order, *lines, **values):
    """Have an order changed as Sam asks for."""
    given = {"lines": list(lines), "reason": "The customer asks for it", **values}
    change = services.create_change(actor=office.user("sam"), now=at(), order_id=order.id, **given)
    services.assess_change(change, actor=office.user("cle"), impact="None", now=at())
    services.approve_change(change, actor=office.user("max"))
    services.apply_change(change, actor=office.user("cle"), now=at())


@pytest.mark.rule("S:PAY-06", "S:ORD-10")
def test_what_came_back_is_not_asked_for_again_by_a_change(office, method):
    order = sold(office)
    refunded(office, order, bolts(office, "4"))
    changed(office, order, promised_on=DAY + dt.timedelta(days=20))
    assert order_payment(order) == (0, 600)
    assert office.owed(order) == [("balance", "1000.00", "open")]

    products = {name: {"product_id": office.world.products[name], "quantity": yuan(2)} for name in ("hour", "bolt")}
    changed(office, order, products["hour"])
    assert (order.gross, order_payment(order)) == (1_100, (0, 700))
    assert office.owed(order) == [("balance", "1000.00", "open"), ("balance", "100.00", "open")]

    paid = sold(office, pay="1000")
    form = back(office, paid, bolts(office, "4"), refund=yuan("300"))  # A hundred is kept for the trouble.
    services.refund_return(form, actor=office.user("fin"), method=method, now=at())
    changed(office, paid, promised_on=DAY + dt.timedelta(days=20))
    assert order_payment(paid) == (700, 0)


@pytest.mark.rule("S:PAY-06", "P:ORD-09")
def test_what_came_back_is_not_asked_for_again_when_the_rest_is_done_without(office):
    order = office.ordered(office.line("bolt", "10"), office.line("hour", "2"), to="released")
    services.ship_order(order, actor=office.user("cle"), line_number=1)
    services.deliver_order(order, actor=office.user("cle"))
    refunded(office, order, bolts(office, "4"))
    services.close_short(order, actor=office.user("max"), reason="The buyer agrees", now=at())
    assert (order.gross, order_payment(order)) == (1_000, (0, 600))


@pytest.mark.rule("S:PAY-06", "S:ORD-10")
def test_a_change_leaves_what_came_back(office, refused):
    order = sold(office)
    refunded(office, order, bolts(office, "4"))
    error = refused(changed, office, order, {"product_id": office.world.products["bolt"], "quantity": yuan("3")})
    assert (type(error), error.code, error.data["limit"]) == (Conflict, "change.shipped", "4")
    changed(office, order, {"product_id": office.world.products["bolt"], "quantity": yuan("5")})
    assert order_payment(order) == (0, 100)


@pytest.mark.rule("S:PAY-06", "S:ORD-12", "P:ORD-05")
def test_an_order_of_which_something_came_back_is_neither_taken_back_nor_cancelled(office, refused):
    order = sold(office)
    form = asked(office, order, bolts(office, "4"))
    for verb in (services.reopen_order, services.cancel_confirmed_order):
        error = refused(verb, order, actor=office.user("max"), reason="No", now=at())
        assert (type(error), error.code) == (Conflict, "order.returned")
        assert str(error) == "Something of it was handed over: there is a return for it."

    services.cancel_return(form, actor=office.user("sam"), reason="Keeps them")
    services.reopen_order(order, actor=office.user("max"), reason="Twelve", now=at())
    assert order.state == "draft"


@pytest.mark.rule("S:PAY-06", "P:PAY-04")
def test_what_came_back_is_neither_invoiced_nor_credit(office, refused):
    order = sold(office)
    refunded(office, order, bolts(office, "4"))
    clerk = {"actor": office.user("sam"), "now": at(), "order_id": order.id}
    error = refused(services.create_invoice_request, amount=yuan("600.01"), **clerk)
    assert (error.code, error.data["limit"]) == ("invoice_request.too_much", "600.00")
    assert services.create_invoice_request(**clerk).amount == 600
    credit = credit_of(order, None)
    assert (credit.open, credit.new) == (600, 0)
