"""Price lists: what a product costs on a day, and who may say so."""

import datetime as dt

import pytest

from addons.orders import services
from addons.orders.parameters import FREE_DISCOUNT
from addons.orders.queries import price_on
from app.errors import Conflict, NotAllowed, ValidationError
from tests.addons.orders.office import at, yuan

MARCH, APRIL, DECEMBER = dt.date(2026, 3, 31), dt.date(2026, 4, 1), dt.date(2026, 12, 1)


@pytest.mark.rule("P:PRI-01", "S:CAT-03")
def test_an_order_takes_the_price_of_its_day(office):
    office.approve(office.price_list(APRIL, dt.date(2026, 11, 30), bolt="95"))
    office.approve(office.price_list(DECEMBER, bolt="105"))
    bolt = office.world.products["bolt"]

    prices = [price_on(bolt, on=day).price for day in (MARCH, APRIL, dt.date(2026, 11, 30), DECEMBER)]
    order = office.ordered(doc_date=APRIL, promised_on=APRIL)

    assert prices == [100, 95, 95, 105]
    assert (order.lines[0].list_price, order.lines[0].unit_price, order.gross) == (95, 95, 285)
    assert price_on(bolt, on=dt.date(2026, 2, 28)) is None


@pytest.mark.rule("P:PRI-01", "S:CAT-03")
@pytest.mark.parametrize(
    ("first", "last", "prices", "code", "told"),
    [
        (MARCH, None, {"bolt": "95"}, "price_list.overlap", "2026-03-31"),
        (dt.date(2026, 1, 1), dt.date(2026, 3, 1), {"hour": "95"}, "price_list.overlap", "2026-03-01"),
        (APRIL, None, {"bolt": "0"}, "price_list.price", "0.00"),
        (APRIL, None, {"bolt": "-1"}, "price_list.price", "0.00"),
        (APRIL, MARCH, {"bolt": "95"}, "price_list.days", "2026-04-01"),
        (APRIL, None, {}, "price_list.lines", ""),
    ],
)
def test_a_price_list_that_cannot_be_is_refused(office, refused, first, last, prices, code, told):
    error = refused(office.price_list, first, last, **prices)

    assert isinstance(error, ValidationError)
    assert error.code == code
    assert told in str(error)


@pytest.mark.rule("P:PRI-01")
def test_two_drafts_that_overlap_are_not_both_approved(office, refused):
    first, second = (office.price_list(APRIL, last, bolt=price) for last, price in ((None, "95"), (DECEMBER, "96")))
    office.approve(first)

    assert refused(office.approve, second).code == "price_list.overlap"

    services.end_price_list(first, actor=office.user("max"), last_day=dt.date(2026, 3, 31) + dt.timedelta(days=9))
    services.update_price_list(second, actor=office.user("cle"), valid_from=dt.date(2026, 4, 10))
    office.approve(second)
    assert price_on(office.world.products["bolt"], on=dt.date(2026, 4, 10)).price == 96


@pytest.mark.rule("P:PRI-01", "S:CAT-03")
def test_the_author_never_approves_and_an_approved_list_is_not_changed(office, refused):
    own = office.price_list(APRIL, by="max", bolt="95")
    assert isinstance(refused(office.approve, own), NotAllowed)
    assert isinstance(refused(office.approve, own, by="cle"), NotAllowed)  # The clerk has no right to.

    office.approve(own, by="guy")

    error = refused(services.update_price_list, own, actor=office.user("max"), name="Another")
    assert (type(error), error.code) == (Conflict, "price_list.fixed")
    assert refused(services.delete_price_list, own, actor=office.user("max")).code == "price_list.used"


@pytest.mark.rule("P:PRI-02")
@pytest.mark.parametrize("price", ["99.99", "100.01"])
def test_a_price_that_is_not_the_list_price_is_not_submitted(office, refused, price):
    order = office.ordered(office.line("bolt", "1", price))

    error = refused(services.submit_order, order, actor=office.user("sam"), now=at())

    assert (type(error), error.code) == (NotAllowed, "orders.price")
    assert str(error) == f"Bolt: the price is 100, not {price}. Another one has to be approved."


@pytest.mark.rule("P:PRI-02")
def test_a_reservation_at_another_price_is_not_made_ready(office, refused):
    form = office.reserved(office.line("flat", "89.50", "8999.99"))
    assert refused(services.make_reservation_ready, form, actor=office.user("sam")).code == "orders.price"


@pytest.mark.rule("S:CAT-04")
def test_under_the_floor_nobody_sells_without_approval(office, refused):
    office.set(FREE_DISCOUNT, yuan(25))
    at_floor, under = (office.ordered(office.line("bolt", "1", price)) for price in ("80", "79"))

    services.submit_order(at_floor, actor=office.user("sam"), now=at())
    error = refused(services.submit_order, under, actor=office.user("sam"), now=at())
    assert (type(error), error.code, error.data["limit"]) == (NotAllowed, "orders.floor", "80")

    under.lines[0].approved_price = yuan(79)
    services.submit_order(under, actor=office.user("sam"), now=at())
    assert under.state == "submitted"


@pytest.mark.rule("P:PRI-02")
def test_a_product_without_an_approved_price_is_not_sold_freely(office, refused):
    draft = refused(office.ordered, office.line("rare", "1"))
    assert (draft.code, draft.field) == ("orders.no_price", "lines")

    order = office.ordered(office.line("rare", "1", "5"))
    assert refused(services.submit_order, order, actor=office.user("sam"), now=at()).code == "orders.unpriced"
    office.approve(office.price_list(dt.date(2026, 3, 1), rare="5"))
    services.update_order(order, actor=office.user("sam"), note="Priced now")
    services.submit_order(order, actor=office.user("sam"), now=at())


@pytest.mark.rule("S:CAT-03")
def test_prices_end_when_they_are_withdrawn(office):
    prices = office.price_list(APRIL, bolt="95")
    office.approve(prices)
    services.withdraw_price_list(prices, actor=office.user("max"), reason="Wrong research")
    assert price_on(office.world.products["bolt"], on=APRIL) is None


@pytest.mark.rule("P:PRI-02", "S:CAT-04")
def test_an_exchange_that_becomes_something_else_does_not_go_out_for_nothing(office, refused):
    free = {"unit_price": yuan(0), "approved_price": yuan(0)}
    order = office.ordered(office.line("bolt", "3") | free)
    sam, (line,) = office.user("sam"), order.lines
    services.update_order(order, actor=sam, lines=[{"id": line.id, **office.line("bolt", "3", "0")}], note="Soon")
    assert (line.approved_price, order.gross) == (0, 0)

    services.update_order(order, actor=sam, lines=[{"id": line.id, **office.line("flat", "2", "0")}])
    error = refused(services.submit_order, order, actor=sam, now=at())
    assert (type(error), error.code, order.state) == (NotAllowed, "orders.price", "draft")


@pytest.mark.rule("P:PRI-02", "P:PRI-09")
@pytest.mark.parametrize(
    ("product", "quantity", "values", "stays"),
    [
        ("bolt", "3", {}, True),
        ("bolt", "4", {}, False),
        ("bolt", "3", {"tax_included": False}, False),
        ("bolt", "3", {"unit_price": yuan(11)}, False),
        ("hour", "3", {}, False),
    ],
)
@pytest.mark.parametrize("document", ["order", "reservation"])
def test_a_line_that_is_changed_needs_its_approval_anew(office, document, product, quantity, values, stays):
    form, change = written(office, document, office.line("bolt", "3", "10", approved_price=yuan(10)))
    (line,) = form.lines
    row = {"id": line.id, **office.line(product, quantity, "10"), **values}
    change(form, actor=office.user("sam"), lines=[row])
    assert line.approved_price == (yuan(10) if stays else None)


@pytest.mark.rule("P:PRI-02")
def test_terms_for_one_piece_are_not_those_of_another(office):
    from app.masterdata.models import SellableItem

    other = SellableItem(product_id=office.world.products["flat"], serial="8-1204")
    office.session.add(other)
    office.session.flush()
    order = office.ordered(office.line("flat", "60", "8000", approved_price=yuan(8_000)))
    (line,) = order.lines
    for item_id, approved in ((office.world.item, 8_000), (other.id, None)):  # Naming the piece is not changing it.
        row = {"id": line.id, **office.line("flat", "60", "8000", item_id=item_id)}
        services.update_order(order, actor=office.user("sam"), lines=[row])
        assert line.approved_price == approved


def written(office, document, line):
    """Return a draft for Li with one line, and the service that changes it."""
    from addons.orders.services import create_quotation, update_quotation

    sam, li = office.user("sam"), office.world.partners["Li"]
    if document == "quotation":
        return create_quotation(actor=sam, now=at(), partner_id=li, lines=[line]), update_quotation
    if document == "reservation":
        return office.reserved(line, deposit="10"), services.update_reservation
    return office.ordered(line), services.update_order


@pytest.mark.rule("P:PRI-02", "P:ORD-04")
@pytest.mark.parametrize("document", ["order", "reservation", "quotation"])
def test_a_line_is_given_its_list_price_when_the_typed_one_is_taken_out(office, document):
    form, change = written(office, document, office.line("bolt", "3", "10", approved_price=yuan(10)))
    (line,) = form.lines
    rows = [{"id": line.id, **office.line("flat", "2")}, office.line("bolt", "1")]
    change(form, actor=office.user("sam"), lines=rows)
    assert (line.approved_price, line.unit_price, form.gross) == (None, 9_000, 18_100)


@pytest.mark.rule("P:PRI-02")
@pytest.mark.parametrize("document", ["order", "reservation", "quotation"])
def test_terms_of_one_customer_are_not_those_of_another(office, document):
    form, change = written(office, document, office.line("bolt", "3", "10", approved_price=yuan(10)))
    for name, approved in (("Li", 10), ("Wu", None)):
        change(form, actor=office.user("cle"), partner_id=office.world.partners[name], note="For him")
        assert (form.partner_name, form.lines[0].approved_price) == (name, approved)


@pytest.mark.rule("S:ORD-02", "P:ORD-04")
@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"quantity": yuan(0)}, "orders.quantity"),
        ({"quantity": None}, "orders.quantity"),
        ({"unit_price": yuan(-1)}, "orders.price_below"),
    ],
)
def test_a_line_that_stands_is_not_changed_to_what_cannot_be(office, refused, values, code):
    order = office.ordered()
    (line,) = order.lines
    row = {"id": line.id, **office.line("bolt", "3"), **values}
    error = refused(services.update_order, order, actor=office.user("sam"), lines=[row])
    assert (type(error), error.code, error.field, error.data["product"]) == (ValidationError, code, "lines", "Bolt")
