"""Papers that go along with goods: without them an order stays open (S:CAT-05)."""

import datetime as dt

import pytest

from addons.orders import services
from addons.orders.models import OrderPaper, RequiredPaper
from addons.orders.parameters import REQUIRED_DOCS
from addons.orders.queries import list_papers, without_papers
from app.errors import Conflict, ValidationError
from app.masterdata.choices import ProductKind
from app.masterdata.models import Product, ProductCategory
from tests.addons.orders.office import DAY, at


@pytest.fixture
def delivered(office):
    """An order of bolts and an hour of service, delivered and paid, in a company that hands over two papers."""
    office.set(REQUIRED_DOCS, ["Manual", "Licence"])
    office.session.get_one(Product, office.world.products["hour"]).kind = ProductKind.SERVICE
    order = office.ordered(office.line("bolt", "3"), office.line("hour", "2"), to="released")
    services.ship_order(order, actor=office.user("cle"))
    services.deliver_order(order, actor=office.user("cle"))
    office.pay(order, "400")
    return order


def papers(order):
    return [(one.product.name, one.paper, one.handed_over_on, one.reference) for one in list_papers(order.id)]


@pytest.mark.rule("S:CAT-05")
def test_without_its_licence_an_order_stays_open(office, refused, delivered):
    sam = office.user("sam")
    assert papers(delivered) == [("Bolt", "Manual", None, None), ("Bolt", "Licence", None, None)]
    assert without_papers(sam) == [delivered]
    both = refused(services.close_order, delivered, actor=sam, today=DAY)
    assert (type(both), both.code, both.data["papers"]) == (Conflict, "order.papers", "Manual (Bolt), Licence (Bolt)")

    services.hand_over_papers(delivered, actor=sam, paper="Manual", now=at())
    error = refused(services.close_order, delivered, actor=sam, today=DAY)
    assert (str(error), delivered.state) == ("Not handed over yet: Licence (Bolt).", "delivered")

    services.hand_over_papers(delivered, actor=sam, paper_number="QM-2026-17", now=at())
    assert papers(delivered) == [("Bolt", "Manual", DAY, None), ("Bolt", "Licence", DAY, "QM-2026-17")]
    assert without_papers(sam) == []
    services.close_order(delivered, actor=sam, today=DAY)
    assert delivered.state == "closed"


@pytest.mark.rule("S:CAT-05")
def test_what_is_not_missing_or_not_of_its_days_is_refused(office, refused, delivered):
    hand_over, sam = services.hand_over_papers, office.user("sam")
    hour = office.session.get_one(Product, office.world.products["hour"])
    for values in ({"paper": "Warranty"}, {"product": hour}):
        error = refused(hand_over, delivered, actor=sam, now=at(), **values)
        assert (type(error), error.code) == (Conflict, "order.no_paper")
    for day in (DAY - dt.timedelta(days=1), DAY + dt.timedelta(days=1)):
        error = refused(hand_over, delivered, actor=sam, now=at(), handed_over_on=day)
        assert (type(error), error.field, error.data["limit"]) == (ValidationError, "handed_over_on", DAY)
    long = refused(hand_over, delivered, actor=sam, now=at(), paper_number="9" * 81)
    assert (long.field, long.data["limit"]) == ("paper_number", 80)
    assert office.session.query(OrderPaper).count() == 0
    hand_over(delivered, actor=sam, now=at())
    assert refused(hand_over, delivered, actor=sam, now=at()).code == "order.no_paper"


@pytest.mark.rule("S:CAT-05")
def test_a_product_comes_before_its_category_and_both_before_what_is_usual(office, refused, delivered):
    bolt = office.session.get_one(Product, office.world.products["bolt"])
    top = ProductCategory(code="s", name="Software")
    office.session.add(top)
    office.session.flush()
    below = ProductCategory(code="s1", name="Tools", parent_id=top.id)
    office.session.add(below)
    office.session.flush()
    bolt.category_id = below.id
    office.session.flush()
    office.session.expire_all()
    boss, sam = office.user("max"), office.user("sam")
    wanted = {"product_id": None, "category_id": top.id, "paper": "Warranty"}
    for values in ({**wanted, "product_id": bolt.id}, {**wanted, "category_id": None}):
        error = refused(services.create_required_paper, actor=boss, **values)
        assert (type(error), error.field) == (ValidationError, "product_id")
    assert office.session.query(RequiredPaper).count() == 0

    services.create_required_paper(actor=boss, **wanted)
    assert [one[1] for one in papers(delivered)] == ["Warranty"]
    own = services.create_required_paper(actor=boss, product_id=bolt.id, category_id=None, paper="Licence")
    assert [one[1] for one in papers(delivered)] == ["Licence"]
    services.update_required_paper(own, actor=boss, paper=" ")
    assert papers(delivered) == []
    services.close_order(delivered, actor=sam, today=DAY)
    assert delivered.state == "closed"
