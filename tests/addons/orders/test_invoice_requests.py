"""Requests for invoices: no more than the order comes to, and finance registers what was written."""

import pytest

from addons.orders import services
from addons.orders.queries import explain_request
from addons.payments.services import void_invoice
from app.errors import Conflict, Duplicate, ValidationError
from tests.addons.orders.office import at, yuan


def asked(office, order, **values):
    """Return Sam's request for an invoice."""
    return services.create_invoice_request(actor=office.user("sam"), now=at(), order_id=order.id, **values)


def issued(office, request, number):
    """Return a request whose invoice finance has registered."""
    services.issue_invoice(request, actor=office.user("fin"), invoice_number=number, now=at())
    return request


@pytest.mark.rule("P:PAY-04")
def test_no_more_is_invoiced_than_the_order_comes_to(office, refused):
    order = office.ordered(office.line("bolt", "100"), to="confirmed")
    first = issued(office, asked(office, order, amount=yuan("8000")), "25332000000000000001")
    assert (first.number, first.state, first.title) == ("KP2026-0001", "issued", "Li")
    assert (first.invoice.amount, first.invoice.state, first.invoice.title) == (8_000, "draft", "Li")

    error = refused(asked, office, order, amount=yuan("2000.01"))
    assert (type(error), error.code, error.field) == (ValidationError, "invoice_request.too_much", "amount")
    assert str(error) == "The amount must be above 0.00; 2,000.00 of the order is not invoiced yet."
    assert refused(asked, office, order, amount=yuan("0")).field == "amount"

    rest = asked(office, order, title=" 杭州云栖建材有限公司 ", tax_no="91330100MA2B0X1Q3K")
    assert (rest.amount, rest.title) == (2_000, "杭州云栖建材有限公司")
    assert [amount for _label, amount in explain_request(rest.id)] == [
        "10,000.00",
        "10,000.00",
        "8,000.00",
        "2,000.00",
        "2,000.00 × 0 ÷ 100 = 0.00",
    ]
    assert refused(asked, office, order).data["limit"] == "0.00"  # What waits counts as well.
    used = refused(services.issue_invoice, rest, actor=office.user("fin"), now=at(),
                   invoice_number="25332000000000000001")  # fmt: skip
    assert (type(used), rest.state) == (Duplicate, "requested")


@pytest.mark.rule("P:PAY-04", "P:PAY-03")
def test_what_was_rejected_or_made_void_may_be_asked_for_again(office, refused):
    order = office.ordered(office.line("bolt", "100"), to="confirmed")
    services.reject_invoice_request(asked(office, order), actor=office.user("fin"), reason="No taxpayer number")
    services.cancel_invoice_request(asked(office, order), actor=office.user("sam"), reason="Later")
    written = issued(office, asked(office, order), "A1")
    fixed = refused(services.update_invoice_request, written, actor=office.user("sam"), title="Wu")
    assert (type(fixed), fixed.code) == (Conflict, "invoice_request.fixed")

    void_invoice(written.invoice, actor=office.user("abe"), reason="Wrong title")
    again = asked(office, order)
    services.update_invoice_request(again, actor=office.user("sam"), amount=yuan("4000"))
    assert again.amount == 4_000


@pytest.mark.rule("P:PAY-04")
def test_only_a_bound_order_is_invoiced_and_at_its_own_tax_rate(office, refused):
    assert refused(asked, office, office.ordered()).code == "invoice_request.unbound"
    order = office.ordered(to="confirmed")
    rate = refused(asked, office, order, tax_rate=yuan("0.13"))
    assert (rate.code, rate.data["limit"]) == ("invoice_request.rate", "0")


@pytest.mark.rule("P:PAY-04")
def test_deposit_and_balance_are_invoiced_one_by_one(office, refused):
    form = office.reserved(to="paid")
    services.make_order(
        form, actor=office.user("sam"), promised_on=at().date(), payment_method="bank_transfer", now=at()
    )
    from addons.orders.queries import find_live_order_of

    order = office.brought(find_live_order_of(form.id), "confirmed")
    whole = asked(office, order)
    assert whole.amount == yuan("805500")
    error = refused(services.issue_invoice, whole, actor=office.user("fin"), invoice_number="B1", now=at())
    assert (error.code, error.data["limit"]) == ("invoice_request.parts", "785,500.00")
    services.update_invoice_request(whole, actor=office.user("sam"), amount=yuan("785500"))
    assert issued(office, whole, "B1").invoice.amount == yuan("785500")
    assert issued(office, asked(office, order), "B2").invoice.amount == 20_000


@pytest.mark.rule("S:PAY-02")
def test_no_more_is_invoiced_than_was_shipped(office, refused):
    order = office.ordered(office.line("bolt", "100"), to="released")
    early = asked(office, order)  # Nothing was shipped yet: the invoice may go along with the goods.
    services.ship_order(order, actor=office.user("cle"), line_number=1, quantity=yuan(60))
    late = refused(services.issue_invoice, early, actor=office.user("fin"), invoice_number="C1", now=at())
    assert (type(late), late.code, late.field) == (ValidationError, "invoice_request.too_much", "amount")
    services.cancel_invoice_request(early, actor=office.user("sam"), reason="Too early")

    error = refused(asked, office, order, amount=yuan("6100"))
    assert str(error) == "The amount must be above 0.00; 6,000.00 of what was shipped is not invoiced yet."
    first = asked(office, order)
    assert (first.amount, explain_request(first.id)[1][1]) == (6_000, "6,000.00")
    assert issued(office, first, "C2").state == "issued"
    assert refused(asked, office, order).data["limit"] == "0.00"

    services.ship_order(order, actor=office.user("cle"))
    assert asked(office, order).amount == 4_000
