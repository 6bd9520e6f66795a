"""Sales orders: filled in, checked, confirmed; the reservation's order; the chain of T1."""

import datetime as dt

import pytest
import sqlalchemy as sa

from addons.orders import services
from addons.orders.choices import PaymentMethod
from addons.orders.parameters import TWO_AUDITS
from addons.orders.queries import find_live_order_of, order_payment
from app.documents.claims import find_claim
from app.documents.references import find_ref, list_links
from app.errors import Conflict, NotAllowed, ValidationError
from tests.addons.orders.office import at, yuan


@pytest.mark.rule("P:ORD-05")
def test_the_total_on_the_customers_paper_is_what_the_lines_come_to(office, refused):
    error = refused(office.ordered, office.line("bolt", "3"), stated_total=yuan("310.00"))
    assert (type(error), error.field) == (ValidationError, "stated_total")
    assert str(error) == "The lines come to 300.00, not to 310.00."

    assert office.ordered(office.line("bolt", "3"), stated_total=yuan("300.00")).gross == 300


@pytest.mark.rule("S:ORD-02", "P:ORD-04")
@pytest.mark.parametrize(
    ("line", "code"),
    [
        (("bolt", "0"), "orders.quantity"),
        (("bolt", "-1"), "orders.quantity"),
        (("bolt", "1", "-0.01"), "orders.price_below"),
        (("bolt", "999999999999", "999999999999"), "orders.too_large"),
    ],
)
def test_a_line_that_cannot_be_is_refused(office, refused, line, code):
    error = refused(office.ordered, office.line(*line))
    assert (type(error), error.code, error.field) == (ValidationError, code, "lines")


@pytest.mark.rule("S:ORD-02")
@pytest.mark.parametrize("missing", ["partner_id", "promised_on", "payment_method"])
def test_an_order_says_who_when_and_how_it_is_paid(office, refused, missing):
    error = refused(office.ordered, **{missing: None})
    assert (error.code, error.field) == ("order.required", missing)


@pytest.mark.rule("S:ORD-02", "P:ORD-04")
def test_an_order_without_lines_of_no_product_or_promised_yesterday_is_refused(office, refused):
    empty = refused(
        services.create_order,
        actor=office.user("sam"),
        now=at(),
        partner_id=office.world.partners["Li"],
        promised_on=dt.date(2026, 3, 10),
        payment_method=PaymentMethod.CASH,
        lines=[],
    )
    assert empty.code == "orders.lines"
    unknown = refused(office.ordered, {**office.line("bolt", "1"), "product_id": 999_999})
    assert unknown.code == "orders.product"
    early = refused(office.ordered, promised_on=dt.date(2026, 3, 1))
    assert (early.code, early.data["limit"]) == ("order.promised", dt.date(2026, 3, 2))


@pytest.mark.rule("P:ORD-05", "P:ORD-07", "S:ORD-21")
def test_an_order_goes_from_desk_to_desk(office, refused):
    order = office.ordered(to="submitted")
    own = refused(services.audit_order, order, actor=office.user("sam"), now=at())
    assert type(own) is NotAllowed

    early = refused(services.audit_order_finance, order, actor=office.user("fin"), now=at())
    assert early.code == "workflow.state"
    office.brought(order, "audited")
    unaudited = refused(services.confirm_order, order, actor=office.user("sue"), now=at())
    assert (type(unaudited), unaudited.code) == (Conflict, "order.finance_first")
    office.brought(order, "confirmed")

    assert (order.number, order.period) == ("SO2026-0001", "2026-03")
    assert office.owed(order) == [("balance", "300.00", "open")]
    office.brought(order, "released")
    assert _steps(office, order) == ["submit", "audit", "check", "audit_finance", "confirm", "release"]


@pytest.mark.rule("P:ORD-05")
def test_a_supervisor_does_not_audit_an_order_of_hers(office, refused):
    order = office.ordered(by="sue")
    services.submit_order(order, actor=office.user("sue"), now=at())
    error = refused(services.audit_order, order, actor=office.user("sue"), now=at())
    assert (type(error), error.code) == (NotAllowed, "orders.own")


@pytest.mark.rule("S:ORD-21")
def test_a_company_with_one_audit_confirms_after_it(office, refused):
    office.set(TWO_AUDITS, False)
    order = office.ordered(to="audited")
    second = refused(services.audit_order_finance, order, actor=office.user("fin"), now=at())
    assert second.code == "order.one_audit"
    services.confirm_order(order, actor=office.user("sue"), now=at())
    assert order.state == "confirmed"


@pytest.mark.rule("S:ORD-11", "S:ORD-05")
def test_only_a_draft_is_changed_or_deleted(office, refused):
    order = office.ordered(to="audited")
    changed = refused(services.update_order, order, actor=office.user("sam"), note="More")
    assert (type(changed), changed.code) == (Conflict, "order.fixed")
    assert refused(services.delete_order, order, actor=office.user("sam")).code == "order.kept"

    services.give_back_order(order, actor=office.user("sue"), reason="Wrong address", now=at())
    services.update_order(order, actor=office.user("sam"), note="Right address", lines=[office.line("bolt", "4")])
    assert (order.state, order.gross) == ("draft", 400)
    assert refused(services.delete_order, order, actor=office.user("sam")).code == "order.kept"  # It was audited.

    draft = office.ordered()
    services.delete_order(draft, actor=office.user("sam"))


@pytest.mark.rule("S:ORD-12")
def test_an_order_is_cancelled_before_shipment_only(office, refused):
    order, shipped = office.ordered(to="confirmed"), office.ordered(to="released")
    assert (
        refused(services.cancel_order, order, actor=office.user("sue"), reason="No", now=at()).code == "workflow.state"
    )
    services.cancel_confirmed_order(order, actor=office.user("max"), reason="Not needed", now=at())
    assert (order.state, office.owed(order)) == ("cancelled", [("balance", "300.00", "cancelled")])

    shipped.lines[0].shipped = yuan(1)
    error = refused(services.cancel_confirmed_order, shipped, actor=office.user("max"), reason="No", now=at())
    assert (type(error), error.code) == (Conflict, "order.shipped")

    shipped = office.ordered(office.line("bolt", "5"), to="released")
    services.ship_order(shipped, actor=office.user("cle"), line_number=1, quantity=yuan(1))
    error = refused(services.cancel_confirmed_order, shipped, actor=office.user("max"), reason="No", now=at())
    assert (type(error), error.code, shipped.state, shipped.lines[0].shipped) == (
        Conflict,
        "workflow.state",
        "shipped",
        1,
    )


@pytest.mark.rule("P:ORD-01", "P:ORD-04", "S:ORD-09", "S:PAY-04")
def test_a_reservation_becomes_an_order_at_its_price_less_the_deposit(office, refused):
    item = office.world.item
    form = office.reserved(office.line("flat", "89.50", item_id=item), to="paid")
    asked = {"promised_on": dt.date(2026, 6, 1), "payment_method": PaymentMethod.TRANSFER, "now": at()}
    services.make_order(form, actor=office.user("sam"), **asked)
    assert refused(services.make_order, form, actor=office.user("sam"), **asked).code == "order.second"
    (link,) = list_links(find_ref("orders.Reservation", form.id))
    assert (link.kind, link.amount) == ("creates", yuan("805,500.00"))

    from addons.orders.models import Order

    order = office.brought(office.session.get_one(Order, link.target.record_id), "confirmed")

    assert (order.gross, order.lines[0].approved_price) == (yuan("805,500.00"), 9_000)
    assert office.owed(order) == [("balance", "785500.00", "open")]
    assert order_payment(order) == (20_000, yuan("785,500.00"))
    assert form.state == "contracted"
    assert str(find_claim(item).holder) == order.number


def _steps(office, order):
    from app.workflow.models import TransitionLog

    of = (TransitionLog.resource == "orders.Order", TransitionLog.record_id == order.id)
    return list(office.session.scalars(sa.select(TransitionLog.transition).where(*of).order_by(TransitionLog.id)))


def _ordered_from(office, form):
    """Return the confirmed order of a reservation."""
    asked = {"promised_on": dt.date(2026, 6, 1), "payment_method": PaymentMethod.TRANSFER, "now": at()}
    services.make_order(form, actor=office.user("sam"), **asked)
    return office.brought(find_live_order_of(form.id), "confirmed")


@pytest.mark.rule("S:ORD-12", "P:ORD-02")
def test_an_order_is_not_cancelled_while_the_deposit_of_its_reservation_is_kept(office, refused):
    form = office.reserved(office.line("flat", "89.50", item_id=office.world.item), to="paid")
    order = _ordered_from(office, form)
    cancel = {"actor": office.user("max"), "reason": "Not needed", "now": at()}
    error = refused(services.cancel_confirmed_order, order, **cancel)
    assert (type(error), error.code, error.data["amount"]) == (Conflict, "receivable.paid", "20,000.00")

    (deposit,) = office.receivables(form)
    _refund(office, deposit, "20000")
    services.cancel_confirmed_order(order, **cancel)
    assert (order.state, form.state, order_payment(order)) == ("cancelled", "cancelled", (0, 0))
    assert find_claim(office.world.item) is None


@pytest.mark.rule("S:ORD-12", "P:ORD-02")
def test_an_unpaid_deposit_is_not_asked_for_once_its_order_is_cancelled(office):
    form = office.reserved(to="signed")
    order = _ordered_from(office, form)
    services.reopen_order(order, actor=office.user("max"), reason="Another flat", now=at())
    services.cancel_order(order, actor=office.user("max"), reason="None at all", now=at())
    assert (order.state, form.state) == ("cancelled", "cancelled")
    assert office.owed(form) == [("deposit", "20000.00", "cancelled")]


@pytest.mark.rule("S:ORD-12", "P:ORD-01")
def test_a_reservation_outlives_an_order_that_nobody_confirmed(office):
    form = office.reserved(to="paid")
    asked = {"promised_on": dt.date(2026, 6, 1), "payment_method": PaymentMethod.TRANSFER, "now": at()}
    services.make_order(form, actor=office.user("sam"), **asked)
    order = find_live_order_of(form.id)
    services.cancel_order(order, actor=office.user("sue"), reason="Wrong day", now=at())
    assert (order.state, form.state, office.owed(form)) == (
        "cancelled",
        "deposit_paid",
        [("deposit", "20000.00", "settled")],
    )


def _refund(office, receivable, amount):
    from addons.payments import services as payments
    from addons.payments.models import Method, Receipt

    receipt = office.session.scalars(sa.select(Receipt)).one()
    method = office.session.get_one(Method, office.world.cash)
    payments.refund_money(
        receipt, actor=office.user("abe"), receivable=receivable, amount=yuan(amount), method=method, reason="Off",
        now=at(),
    )  # fmt: skip


def _two_flats(office):
    """Return lines of two flats of 60 m2, each a piece of its own."""
    from app.masterdata.models import SellableItem

    other = SellableItem(product_id=office.world.products["flat"], serial="8-1204")
    office.session.add(other)
    office.session.flush()
    return [office.line("flat", "60", item_id=item_id) for item_id in (office.world.item, other.id)]


@pytest.mark.rule("S:RE-03", "P:ORD-05")
def test_a_flat_that_an_order_does_without_is_free_once_it_is_confirmed_again(office):
    lines = _two_flats(office)
    order = office.ordered(*lines, to="confirmed")
    services.reopen_order(order, actor=office.user("max"), reason="One only", now=at())
    kept, dropped = order.lines
    services.update_order(order, actor=office.user("sam"), lines=[{"id": kept.id, **lines[0]}])
    office.brought(order, "confirmed")
    assert (str(find_claim(kept.item_id).holder), find_claim(dropped.item_id)) == (order.number, None)


@pytest.mark.rule("S:RE-03", "P:ORD-01")
def test_an_order_takes_from_its_reservation_what_it_sells(office):
    lines = _two_flats(office)
    form = office.reserved(*lines, to="paid")
    services.make_order(
        form, actor=office.user("sam"), promised_on=dt.date(2026, 6, 1), payment_method=PaymentMethod.TRANSFER, now=at()
    )
    order = find_live_order_of(form.id)
    kept, dropped = order.lines
    services.update_order(order, actor=office.user("sam"), lines=[{"id": kept.id, **lines[0]}])
    office.brought(order, "confirmed")
    assert (str(find_claim(kept.item_id).holder), find_claim(dropped.item_id)) == (order.number, None)
