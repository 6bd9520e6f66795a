"""Nobody approves what he wrote, changed or handed in; who only looked or gave it back may."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import pytest

from addons.orders import services
from addons.orders.models import PriceLine
from app.errors import NotAllowed
from tests.addons.orders.office import at, yuan

_REQUESTS = count(1)


@contextmanager
def acting(office: Any, name: str) -> Iterator[Any]:
    """Do something as the edge has a person do it: what is written bears his name, and that of his request."""
    from app.audit import set_origin
    from app.database.context import set_acting_user

    set_acting_user(office.world.users[name])
    set_origin(None, f"request {next(_REQUESTS)}")
    try:
        yield office.user(name)
        office.session.flush()
    finally:
        set_acting_user(None)
        set_origin(None, None)


def is_refused(refused: Any, call: Any, document: Any, **values: Any) -> bool:
    """Tell whether a person's own document is kept from him."""
    error = refused(call, document, **values)
    return isinstance(error, NotAllowed) and error.code == "orders.own"


@pytest.mark.rule("P:PRI-01", "S:CAT-03")
@pytest.mark.parametrize("added", [False, True])
def test_who_changes_a_price_does_not_put_the_list_in_force(office, refused, added):
    with acting(office, "cle"):
        prices = office.price_list(dt.date(2026, 5, 1), bolt="100")
    (line,) = prices.lines
    rows = [{"id": None if added else line.id, "product_id": line.product_id, "price": yuan(50)}]
    with acting(office, "max") as boss:
        services.update_price_list(prices, actor=boss, lines=rows)

    assert is_refused(refused, services.approve_price_list, prices, actor=office.user("max"), now=at())
    assert prices.state == "draft"
    office.approve(prices, by="guy")
    assert (prices.state, office.session.get_one(PriceLine, prices.lines[0].id).price) == ("approved", 50)


def _submit(office, order, name):
    with acting(office, name) as actor:
        services.submit_order(order, actor=actor, now=at())


@pytest.mark.rule("P:ORD-05", "S:CORE-09")
def test_who_rewrites_an_order_does_not_audit_it(office, refused):
    with acting(office, "sam"):
        order = office.ordered()
    with acting(office, "sue") as sue:  # The sum stays the same.
        rows = [{**office.line("bolt", "3", "100"), "id": order.lines[0].id, "description": "Another bolt"}]
        services.update_order(order, actor=sue, lines=rows)
    _submit(office, order, "sam")

    assert is_refused(refused, services.audit_order, order, actor=office.user("sue"), now=at())
    services.audit_order(order, actor=office.user("max"), now=at())
    assert order.state == "audited"


@pytest.mark.rule("P:ORD-05", "S:CORE-09")
def test_who_hands_an_order_in_does_not_audit_it(office, refused):
    with acting(office, "sam"):
        order = office.ordered()
    _submit(office, order, "sue")

    assert is_refused(refused, services.audit_order, order, actor=office.user("sue"), now=at())
    services.audit_order(order, actor=office.user("max"), now=at())


@pytest.mark.rule("P:ORD-05", "S:CORE-09")
def test_who_only_returned_an_order_audits_it_the_next_time(office):
    with acting(office, "sam"):
        order = office.ordered()
    _submit(office, order, "sam")
    with acting(office, "sue") as sue:
        services.give_back_order(order, actor=sue, reason="Incomplete", now=at())
    with acting(office, "sam") as sam:
        services.update_order(order, actor=sam, note="Complete")
    _submit(office, order, "sam")
    with acting(office, "sue") as sue:
        services.audit_order(order, actor=sue, now=at())

    assert order.state == "audited"


@pytest.mark.rule("P:PRI-02", "P:ORD-05")
def test_who_took_a_confirmed_order_back_audits_it_the_next_time(office):
    with acting(office, "sam"):
        order = office.ordered()
    for state in ("submitted", "audited", "finance_audited", "confirmed"):
        name = {"submitted": "sam", "finance_audited": "fin"}.get(state, "sue")
        with acting(office, name):
            office.brought(order, state)
    with acting(office, "max") as boss:
        services.reopen_order(order, actor=boss, reason="Another day", now=at())
    _submit(office, order, "sam")
    with acting(office, "max") as boss:
        services.audit_order(order, actor=boss, now=at())

    assert order.state == "audited"
