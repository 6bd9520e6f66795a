"""Saved filters: an address under a name, one's own or shared; it never shows more than the reader's rights."""

import re
from urllib.parse import urlencode

import pytest

from app.crud.models import LONGEST_FILTER, LONGEST_FILTER_NAME, SavedFilter
from app.crud.saved_filters import MOST
from tests.app.crud.orders import REST, VIEW, add

pytestmark = pytest.mark.by_turns

URGENT = "_flt_0_is_urgent=1&_oc_market_OrderView=number&_od_market_OrderView=desc"
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
    return re.findall(r'/market/order/show/\d+">(A-\d+)<', client.get(address.replace("&amp;", "&")).text)


@pytest.mark.rule("S:REC-15")
def test_a_filter_is_saved_offered_and_opened(bea):
    answer = save(bea, f"{URGENT}&page_market_OrderView=3&end=1&next=//evil.example")

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
        ({"query": "page_market_OrderView=2"}, "Search, filter or sort the list first."),
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


def open_with(client, key=1, *, on="1"):
    return client.post(f"{VIEW}/filters/{key}/default", data={"on": on})


@pytest.mark.rule("S:REC-15")
def test_a_list_opens_with_the_default_filter_and_one_leaves_it(bea):
    save(bea)
    assert open_with(bea).location == f"{VIEW}/list/"

    opened = bea.get(f"{VIEW}/list/")
    assert opened.location == f"{VIEW}/list/?{URGENT}&default=1"
    page = bea.get(opened.location).text
    assert numbers(bea, opened.location) == ["A-3", "A-1"]
    assert "<span>Default filter</span> <b>Urgent</b>" in page
    away = re.search(r'href="([^"]*)" aria-label="Leave the default filter"', page)[1].replace("&amp;", "&")
    assert sorted(numbers(bea, away)) == ["A-1", "A-2", "A-3"]
    assert "Default filter" not in bea.get(away).text
    assert "default=0" in away


@pytest.mark.parametrize(
    "own", ["q=A-2", "_flt_0_number=A-2", "_oc_market_OrderView=number", "psize_market_OrderView=50"]
)
def test_links_with_own_conditions_keep_them(bea, own):
    save(bea)
    open_with(bea)

    answer = bea.get(f"{VIEW}/list/?{own}")
    assert answer.status_code == 200
    assert "Default filter" not in answer.text


def test_the_chip_goes_when_something_else_is_asked(bea):
    save(bea)
    open_with(bea)

    assert "Default filter" not in bea.get(f"{VIEW}/list/?{URGENT}&q=A&default=1").text
    assert "Default filter" not in bea.get(f"{VIEW}/list/?{URGENT}&default=99").text
    assert bea.get(f"{VIEW}/list/?{URGENT}&default=x").status_code == 200


def test_a_default_is_ones_own_and_ends(bea, world, login, count):
    from app.crud.models import DefaultFilter

    save(bea, is_shared="on")
    save(bea, "q=A-2", "Other")
    cal = login("cal", world.one)
    assert open_with(cal).status_code == 302
    assert open_with(cal, 2).status_code == 404
    assert [client.get(f"{VIEW}/list/").status_code for client in (cal, bea)] == [302, 200]
    assert login("bea", world.two).get(f"{VIEW}/list/").status_code == 200

    open_with(bea, 1)
    open_with(bea, 2)
    assert bea.get(f"{VIEW}/list/").location == f"{VIEW}/list/?q=A-2&default=2"
    open_with(bea, 1, on="0")  # Not the one that is in force.
    assert bea.get(f"{VIEW}/list/").status_code == 302
    open_with(bea, 2, on="0")
    assert bea.get(f"{VIEW}/list/").status_code == 200

    bea.post(f"{VIEW}/filters/1/delete")
    assert count(DefaultFilter) == 0
    assert cal.get(f"{VIEW}/list/").status_code == 200


def test_the_menu_says_which_is_the_default(bea):
    save(bea)
    open_with(bea)

    page = bea.get(f"{VIEW}/filters/", headers=MENU).text
    assert 'aria-pressed="true" aria-label="Open the list with it: Urgent"' in page


@pytest.mark.rule("S:REC-15")
def test_rest_lists_them_and_reads_a_list_within_one(bea, world, login):
    save(bea, is_shared="on")
    save(bea, "q=A-2", "Mine alone")
    open_with(bea)

    assert bea.get(f"{REST}/filters").json["result"] == [
        {"id": 2, "name": "Mine alone", "query": "q=A-2", "is_shared": False, "is_default": False, "sharer": ""},
        {"id": 1, "name": "Urgent", "query": URGENT, "is_shared": True, "is_default": True, "sharer": ""},
    ]
    cal = login("cal", world.one)
    assert [one["sharer"] for one in cal.get(f"{REST}/filters").json["result"]] == ["Bea Test"]

    def found(client, asked):
        answer = client.get(f"{REST}/?{asked}")
        assert answer.status_code == 200, answer.text
        return [row["number"] for row in answer.json["result"]]

    assert found(bea, "saved=1") == ["A-3", "A-1"]
    assert found(cal, "saved=1") == ["A-3", "A-1"]
    assert found(bea, "saved=1&q=(order_column:number,order_direction:asc)") == ["A-1", "A-3"]
    assert found(bea, "saved=1&q=(filters:!((col:number,opr:eq,value:A-3)))") == ["A-3"]
    assert found(bea, "saved=2") == ["A-2"]
    assert found(bea, "saved=2&q=(search:A-1)") == ["A-1"]
    assert [client.get(f"{REST}/?saved={key}").status_code for client, key in ((cal, 2), (bea, 9), (bea, "x"))] == [
        404,
        404,
        404,
    ]
    assert login("rob", world.one).get(f"{REST}/filters").status_code == 403


def test_rest_names_a_condition_that_makes_no_sense_any_more(bea):
    save(bea, "_flt_0_gone=1", "Old")

    answer = bea.get(f"{REST}/?saved=1")
    assert (answer.status_code, answer.json["field"]) == (422, "gone")


@pytest.mark.rule("S:REC-15")
def test_the_palette_leads_to_them(bea, world, login, statements):
    save(bea, is_shared="on")
    save(bea, "q=A-2", "Mine alone")

    page = bea.get("/palette/?q=urg").text
    assert f'data-url="{VIEW}/list/?{URGENT.replace("&", "&amp;")}"' in page
    assert "<span>Urgent</span><small>Order</small>" in page
    assert "Mine alone" not in page
    assert "Mine alone" in bea.get("/palette/").text
    assert "Mine alone" not in login("cal", world.one).get("/palette/?q=mine").text
    assert "Urgent" in login("cal", world.one).get("/palette/?q=urg").text
    assert "Urgent" not in login("rob", world.one).get("/palette/?q=urg").text
    assert "Urgent" not in bea.get("/palette/?q=%25").text
    assert len(statements(lambda: bea.get("/palette/?q=urg"))) <= 12
