"""Saved filters: an address under a name, one's own or shared; it never shows more than the reader's rights."""

import re
from urllib.parse import urlencode

import pytest

from app.crud.models import LONGEST_FILTER, LONGEST_FILTER_NAME, SavedFilter
from app.crud.saved_filters import MOST
from tests.app.crud.orders import VIEW, add

URGENT = "_flt_0_is_urgent=1&_oc_orders_OrderView=number&_od_orders_OrderView=desc"
MENU = {"HX-Request": "true"}


@pytest.fixture
def bea(world, login):
    """The boss in company one, with two urgent orders and another one."""
    client = login("bea", world.one)
    for number, urgent in (("A-1", "y"), ("A-2", ""), ("A-3", "y")):
        add(client, number=number, is_urgent=urgent)
    return client


def save(client, query=URGENT, name="Urgent", **more):
    return client.post(f"{VIEW}/filters/save", data={"name": name, "query": query, **more})


def offered(client):
    """Return the names in the menu of a list, with their addresses."""
    page = client.get(f"{VIEW}/filters/", headers=MENU).text
    return dict(re.findall(r'<a class="menu-item grow" href="([^"]+)">.*?<span class="user-text">([^<]*)</span>', page))


def numbers(client, address):
    return re.findall(r'/orders/order/show/\d+">(A-\d+)<', client.get(address.replace("&amp;", "&")).text)


@pytest.mark.rule("S:REC-15")
def test_a_filter_is_saved_offered_and_opened(bea):
    answer = save(bea, f"{URGENT}&page_orders_OrderView=3&end=1&next=//evil.example")

    assert answer.location == f"{VIEW}/list/?{URGENT}"  # Neither the page nor what somebody else put there.
    ((address, name),) = offered(bea).items()
    assert name == "Urgent"
    assert numbers(bea, address) == ["A-3", "A-1"]
    assert f'hx-get="{VIEW}/filters/?{URGENT.replace("&", "&amp;")}"' in bea.get(f"{VIEW}/list/?{URGENT}").text


@pytest.mark.rule("S:REC-15")
def test_a_shared_one_shows_each_reader_his_own_rows(bea, world, login):
    save(bea, is_shared="on")
    save(bea, name="Mine alone")
    oli, cal = login("oli", world.one), login("cal", world.one)

    assert list(offered(oli).values()) == ["Urgent"]
    assert "Bea Test" in oli.get(f"{VIEW}/filters/", headers=MENU).text
    assert numbers(cal, next(iter(offered(cal)))) == ["A-3", "A-1"]
    assert numbers(oli, next(iter(offered(oli)))) == []  # His scope is his own orders, and he has none.
    assert offered(login("bea", world.two)) == {}


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"name": " "}, "This field is required."),
        ({"name": "x" * (LONGEST_FILTER_NAME + 1)}, str(LONGEST_FILTER_NAME)),
        ({"query": ""}, "Search, filter or sort the list first."),
        ({"query": "page_orders_OrderView=2"}, "Search, filter or sort the list first."),
        ({"query": urlencode({"q": "x" * LONGEST_FILTER})}, str(LONGEST_FILTER)),
        ({"name": "Taken"}, "You have a filter of this name already."),
    ],
)
def test_what_cannot_be_kept_is_refused_and_stays_typed(bea, count, values, text):
    save(bea, name="Taken")

    answer = save(bea, **{"name": "<b>New</b>", **values})

    assert answer.status_code in {409, 422}
    assert text in answer.text
    assert "<b>New</b>" not in answer.text
    assert count(SavedFilter) == 1


def test_a_list_has_so_many_filters_of_one_user(bea, count):
    for number in range(MOST):
        assert save(bea, name=f"F{number}").status_code == 302

    assert str(MOST) in save(bea, name="one more").text
    assert count(SavedFilter) == MOST


def test_one_deletes_ones_own_and_an_administrator_what_is_shared(bea, world, login, count):
    save(bea, is_shared="on")
    save(bea, name="Mine alone")
    cal, root, abroad = login("cal", world.one), login("root", world.one), login("bea", world.two)

    codes = [
        client.post(f"{VIEW}/filters/{key}/delete").status_code
        for client, key in ((cal, 1), (cal, 2), (root, 2), (abroad, 1), (bea, "x"))
    ]
    assert codes == [403, 404, 404, 404, 404]
    assert count(SavedFilter) == 2

    assert [root.post(f"{VIEW}/filters/1/delete").status_code, bea.post(f"{VIEW}/filters/2/delete").status_code] == [
        302,
        302,
    ]
    assert count(SavedFilter) == 0


def test_a_filter_by_what_is_no_column_any_more_is_said(bea):
    save(bea, "_flt_0_gone=1", "Old")

    page = bea.get(next(iter(offered(bea))))

    assert page.status_code == 200
    assert "gone" in page.text


def test_without_a_script_it_is_a_page(bea):
    save(bea)

    page = bea.get(f"{VIEW}/filters/?{URGENT}")

    assert "<h1>" in page.text
    assert "Urgent" in page.text
