"""Goods that are missing: noted in the stock check, dated by who gets them, dispatched apart (S:ORD-06, P:ORD-06)."""

import datetime as dt

import pytest
import sqlalchemy as sa

from addons.orders import services
from addons.orders.choices import CheckKind, DispatchPart
from addons.orders.models import DispatchRule, Shortage
from addons.orders.parameters import CHECKS
from addons.orders.queries import dateless, find_check, list_requests, list_shortages
from app.errors import Conflict, ValidationError
from tests.addons.orders.office import DAY, at, yuan

NOVEMBER_20 = dt.date(2026, 11, 20)


def short(office, quantity="100", missing="40", to="submitted"):
    """Return an order of bolts of which the clerk finds so many missing."""
    order = office.ordered(office.line("bolt", quantity), to=to)
    services.note_shortage(order, actor=office.user("cle"), missing=yuan(missing), now=at())
    return order


def stock(order):
    check = find_check(order, CheckKind.STOCK)
    return check.state.value, check.note


@pytest.mark.rule("S:ORD-06", "S:ORD-03")
def test_stock_60_of_100_is_confirmed_once_40_have_their_day(office, refused):
    order, boss = short(office), office.user("max")
    (shortage,) = list_shortages(order.id)
    assert stock(order) == ("failed", "Bolt: 40 of 100 are missing")
    assert dateless(boss) == [shortage]
    dateless_check = {"check": CheckKind.STOCK, "passed": True, "now": at()}
    error = refused(services.check_order, order, actor=office.user("cle"), **dateless_check)
    assert (type(error), error.code, error.data["products"]) == (Conflict, "order.dateless", "Bolt")
    services.audit_order(order, actor=office.user("sue"), now=at())
    services.audit_order_finance(order, actor=office.user("fin"), now=at())
    assert refused(services.confirm_order, order, actor=office.user("sue"), now=at()).code == "order.unchecked"

    promise = {"actor": boss, "now": at(), "today": DAY}
    early = refused(services.promise_shortage, shortage, expected_on=DAY - dt.timedelta(days=1), **promise)
    assert (type(early), early.field, early.data["limit"]) == (ValidationError, "expected_on", DAY)
    services.promise_shortage(shortage, expected_on=NOVEMBER_20, **promise)
    assert stock(order) == ("passed", "Bolt: 40 of 100 are missing, there on 2026-11-20")
    assert dateless(boss) == []
    services.confirm_order(order, actor=office.user("sue"), now=at())
    assert (order.state, shortage.expected_on) == ("confirmed", NOVEMBER_20)


@pytest.mark.rule("S:ORD-06")
@pytest.mark.parametrize("missing", ["0", "-1", "100.000001"])
def test_no_more_is_missing_than_was_ordered(office, refused, missing):
    order = office.ordered(office.line("bolt", "100"), to="submitted")
    error = refused(services.note_shortage, order, actor=office.user("cle"), missing=yuan(missing), now=at())
    assert (type(error), error.field, error.data["limit"]) == (ValidationError, "missing", "100")
    assert office.session.query(Shortage).count() == 0


@pytest.mark.rule("S:ORD-06")
def test_a_line_is_named_where_there_are_several_and_the_check_must_be_wanted(office, refused):
    note, clerk = services.note_shortage, office.user("cle")
    order = office.ordered(office.line("bolt", "10"), office.line("hour", "2"), to="submitted")
    error = refused(note, order, actor=clerk, missing=yuan(1), now=at())
    assert (error.code, error.field, error.data["limit"]) == ("order.line_number", "line_number", 2)
    note(order, actor=clerk, missing=yuan(1), line_number=2, now=at())
    assert [one.description for one in list_shortages(order.id)] == ["Hour"]
    office.set(CHECKS, ["credit"])
    other = office.ordered(to="submitted")
    assert refused(note, other, actor=clerk, missing=yuan(1), now=at()).code == "order.no_check"


@pytest.mark.rule("S:ORD-06")
def test_goods_that_came_or_an_order_that_went_back_need_no_day(office):
    order = short(office)
    (shortage,) = list_shortages(order.id)
    services.cover_shortage(shortage, actor=office.user("max"), now=at())
    assert (stock(order), shortage.state) == (("passed", None), "covered")
    services.note_shortage(order, actor=office.user("cle"), missing=yuan(7), now=at())
    assert (list_shortages(order.id), shortage.state, shortage.missing) == ([shortage], "open", 7)
    services.give_back_order(order, actor=office.user("sue"), reason="Other day", now=at())
    assert shortage.state == "cancelled"
    services.submit_order(order, actor=office.user("sam"), now=at())
    assert stock(order) == ("open", None)


@pytest.mark.rule("P:ORD-06", "S:ORD-07")
def test_of_10_with_4_in_stock_4_are_picked_and_6_are_bought(office, refused):
    (rest,) = office.session.scalars(sa.select(DispatchRule)).all()
    bolt, unit, boss = office.world.products["bolt"], rest.unit_id, office.user("max")
    pick = services.create_rule(actor=boss, product_id=bolt, unit_id=unit, task="Pick", part=DispatchPart.IN_STOCK)
    order = short(office, "10", "6")
    (shortage,) = list_shortages(order.id)
    services.promise_shortage(shortage, actor=boss, expected_on=DAY, now=at(), today=DAY)
    services.audit_order(order, actor=office.user("sue"), now=at())
    office.brought(order, "confirmed")
    error = refused(services.release_order, order, actor=office.user("sue"), now=at())
    assert (type(error), error.code) == (Conflict, "order.unmapped")

    services.create_rule(actor=boss, product_id=bolt, unit_id=unit, task="Buy", part=DispatchPart.MISSING)
    services.release_order(order, actor=office.user("sue"), now=at())
    assert [(one.task, one.quantity) for one in list_requests(order.id)] == [("Pick", 4), ("Buy", 6)]

    whole = office.ordered(office.line("bolt", "5"), to="released")
    assert [(one.task, one.quantity) for one in list_requests(whole.id)] == [(pick.task, 5)]
