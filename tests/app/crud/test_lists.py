"""Lists: filters, search, order, pages counted from both ends, and no page that shows another request's rows."""

import re
import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from tests.app.crud.orders import LINES, VIEW, add, add_many

Login = Callable[..., FlaskClient]
LIST = f"{VIEW}/list/"
ENDPOINT = "market_OrderView"


@pytest.fixture
def bea(world: Any, login: Login) -> FlaskClient:
    """The boss in company one."""
    return login("bea", world.one)


def numbers(client: FlaskClient, **arguments: Any) -> list[str]:
    """Return the numbers of the orders on one page, in their order."""
    page = client.get(f"{LIST}?{urlencode(arguments)}")
    assert page.status_code == 200, page.text
    return re.findall(r'/market/order/show/\d+">([AN]-\d+)<', page.text)


def fill(client: FlaskClient) -> None:
    """Type in four orders that differ in everything."""
    add(client, number="A-1", customer="Wang 100%", is_urgent="y", boxes="1", discount="10", weight="0.5",
        deliver_at="2026-03-05T00:30")  # fmt: skip
    add(client, number="A-2", customer="王小明", boxes="2", discount="20", weight="1.5", deliver_at="2026-03-05T23:59")
    add(client, number="A-3", customer="Zhang_San", boxes="3", discount="30", weight="2", ordered_on="2026-03-09")
    add(client, number="A-4", customer="zhang san", deliver_at="2026-03-06T00:00")


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"_flt_0_customer": "%"}, ["A-1"]),
        ({"_flt_0_customer": "_"}, ["A-3"]),
        ({"_flt_0_customer": "ZHANG"}, ["A-3", "A-4"]),
        ({"_flt_2_customer": "王"}, ["A-2"]),
        ({"_flt_1_customer": "zhang san"}, ["A-4"]),
        ({"_flt_3_number": "A-1"}, ["A-2", "A-3", "A-4"]),
        ({"_flt_0_is_urgent": "1"}, ["A-1"]),
        ({"_flt_0_is_urgent": "false"}, ["A-2", "A-3", "A-4"]),
        ({"_flt_0_ordered_on": "2026年3月9日"}, ["A-3"]),
        ({"_flt_2_ordered_on": "2026-03-02"}, ["A-1", "A-2", "A-4"]),
        ({"_flt_0_deliver_at": "2026-03-05"}, ["A-1", "A-2"]),
        ({"_flt_1_deliver_at": "2026-03-06"}, ["A-4"]),
        ({"_flt_2_deliver_at": "2026-03-05"}, ["A-1", "A-2"]),
        ({"_flt_1_boxes": "2"}, ["A-2", "A-3"]),
        ({"_flt_0_discount": "20.00"}, ["A-2"]),
        ({"_flt_1_discount": "２０"}, ["A-2", "A-3"]),
        ({"_flt_2_weight": "1.5"}, ["A-1", "A-2"]),
        ({"_flt_0_state": "draft"}, ["A-1", "A-2", "A-3", "A-4"]),
        ({"_flt_1_state": "draft"}, []),
        ({"_flt_1_boxes": "2", "_flt_0_customer": "王"}, ["A-2"]),
        ({"q": "xiaoming"}, ["A-2"]),
        ({"q": "A-3"}, ["A-3"]),
        ({"q": "nobody"}, []),
    ],
)
def test_filters_and_search(bea: FlaskClient, filters: dict[str, str], expected: list[str]) -> None:
    fill(bea)
    assert numbers(bea, **{f"_oc_{ENDPOINT}": "number", f"_od_{ENDPOINT}": "asc"}, **filters) == expected


def test_a_filter_by_reference_names_its_record(world: Any, bea: FlaskClient) -> None:
    keeper = next(one for one in bea.get(f"{VIEW}/lookup/keeper_id?q=Ann").json)["id"]
    add(bea, keeper_id=str(keeper))
    add(bea, number="A-2")

    page = bea.get(f"{LIST}?_flt_0_keeper_id={keeper}").text

    assert "A-1" in page
    assert "A-2" not in page
    assert re.search(r'class="chip"><span>Keeper</span> .*?<b>Ann</b>', page)


@pytest.mark.parametrize(
    "filters",
    [
        "_flt_0_customer_id=1", "_flt_9_customer=x", "_flt_x_customer=x", "_flt_0_boxes=NaN",
        "_flt_0_boxes=" + "9" * 30,
        "_flt_0_discount=NaN", "_flt_0_discount=Infinity", "_flt_0_discount=1e400", "_flt_0_ordered_on=2026-02-30",
        "_flt_0_deliver_at=never", "_flt_0_state=gone", "_flt_0_is_urgent=perhaps", "_flt_0_keeper_id=me", "_flt_=x",
        "_flt_0_customer=" + "x" * 10_000, "_flt_0_company_id=1",
    ],
)  # fmt: skip
def test_a_filter_that_makes_no_sense_is_named(bea: FlaskClient, filters: str) -> None:
    page = bea.get(f"{LIST}?{filters}")
    exported = bea.get(f"{VIEW}/export/?{filters}")

    assert page.status_code == 200
    assert "flash-warning" in page.text
    assert exported.status_code == 422, "An export of more than was asked for is worse than none."


def test_blank_and_invisible_filters_are_none(bea: FlaskClient) -> None:
    fill(bea)
    assert len(numbers(bea, _flt_0_customer="\u200b ", q="\0")) == 4


def test_order_by_column_and_by_reference(world: Any, bea: FlaskClient) -> None:
    employees = {one["text"]: str(one["id"]) for one in bea.get(f"{VIEW}/lookup/keeper_id").json}
    add(bea, number="A-1", keeper_id=employees["Rob"], customer="B")
    add(bea, number="A-2", keeper_id=employees["Ann"], customer="C")
    add(bea, number="A-3", keeper_id=employees["Eve"], customer="A")

    def ordered(column: str, direction: str) -> list[str]:
        return numbers(bea, **{f"_oc_{ENDPOINT}": column, f"_od_{ENDPOINT}": direction})

    assert ordered("keeper", "asc") == ["A-2", "A-3", "A-1"]
    assert ordered("keeper", "desc") == ["A-1", "A-3", "A-2"]
    assert ordered("customer", "asc") == ["A-3", "A-1", "A-2"]
    assert ordered("company_id", "asc") == ordered("nothing", "asc") == ["A-3", "A-2", "A-1"]  # The view's own order.


def test_a_reference_links_to_its_record(world: Any, bea: FlaskClient, login: Login) -> None:
    keeper = bea.get(f"{VIEW}/lookup/keeper_id?q=Ann").json[0]["id"]
    add(bea, keeper_id=str(keeper))
    root = login("root", world.one)

    for address in (LIST, f"{VIEW}/show/1"):
        assert f'href="/companies/employee/show/{keeper}"' in root.get(address).text
        page = bea.get(address).text  # She may not see employees.
        assert "Ann" in page
        assert "/companies/employee/" not in page


def test_pages_from_both_ends(world: Any, bea: FlaskClient, run_in: Any, monkeypatch: Any) -> None:
    add_many(run_in, world.one, range(60))
    page, size = f"page_{ENDPOINT}", f"psize_{ENDPOINT}"
    up = {f"_oc_{ENDPOINT}": "number", f"_od_{ENDPOINT}": "asc"}

    assert numbers(bea, **up) == [f"N-{number:04}" for number in range(25)]
    assert numbers(bea, **up, **{page: 2}) == [f"N-{number:04}" for number in range(50, 60)]
    assert numbers(bea, **up, **{page: 1, size: 50}) == [f"N-{number:04}" for number in range(50, 60)]
    assert numbers(bea, **up, end=1) == [f"N-{number:04}" for number in range(35, 60)]
    assert numbers(bea, **up, end=2) == [f"N-{number:04}" for number in range(10, 35)]
    assert numbers(bea, **up, end=3) == [f"N-{number:04}" for number in range(10)]
    assert numbers(bea, **up, **{page: 10**6}) == numbers(bea, **up, end=99) == []
    for odd in ({page: -1}, {page: "x"}, {size: 0}, {size: "many"}, {"end": "x"}, {page: "9" * 40}):
        assert bea.get(f"{LIST}?{urlencode(odd)}").status_code == 200
    assert len(numbers(bea, **up, **{size: 10**9})) == 60  # At most 200.


def test_the_end_of_a_long_list_is_offered(world: Any, bea: FlaskClient, run_in: Any, monkeypatch: Any) -> None:
    from app.crud import list_page, listing

    add_many(run_in, world.one, range(60))
    monkeypatch.setattr(listing, "COUNT_CAP", 50)
    monkeypatch.setattr(list_page, "COUNT_CAP", 50)

    first = bea.get(LIST).text
    last = bea.get(f"{LIST}?end=1").text

    assert "50+" in first
    assert re.search(r'href="[^"]*[?&;]end=1"[^>]*aria-label="Last page"', first)
    assert "Page 1 from the end" in last
    assert re.search(r'href="[^"]*[?&;]end=2"[^>]*aria-label="Previous page"', last)


def test_only_searched_models_have_a_search_box(world: Any, login: Login) -> None:
    root = login("root", world.one)
    assert 'class="quick-search"' in root.get(LIST).text
    assert 'class="quick-search"' not in root.get("/masterdata/currency/list/?q=x").text


def test_four_threads_see_their_own_rows(world: Any, login: Login, run_in: Any) -> None:
    add_many(run_in, world.one, range(10), is_urgent=True, channel="red")
    add_many(run_in, world.one, range(100, 110), is_urgent=False, channel="blue")
    clients = [login("bea", world.one) for _ in range(4)]
    strange: list[Any] = []

    def read(client: FlaskClient, urgent: bool) -> None:
        wanted = {f"N-{number:04}" for number in (range(10) if urgent else range(100, 110))}
        for _ in range(12):
            found = set(numbers(client, _flt_0_is_urgent="1" if urgent else "0"))
            if found != wanted:
                strange.append(found ^ wanted)

    threads = [threading.Thread(target=read, args=(client, place % 2 == 0)) for place, client in enumerate(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert strange == []


@pytest.mark.parametrize("user", ["bea", "cal", "root"])
def test_statements_do_not_grow_with_the_rows(
    world: Any, login: Login, run_in: Any, statements: Callable[..., list[str]], user: str
) -> None:
    client = login(user, world.one)
    add(login("bea", world.one), **LINES)
    add_many(run_in, world.one, range(4))
    client.get(LIST)  # Caches of this process are filled.
    few = statements(lambda: client.get(f"{LIST}?psize_{ENDPOINT}=5"))
    add_many(run_in, world.one, range(10, 55))

    many = statements(lambda: client.get(f"{LIST}?psize_{ENDPOINT}=50"))
    rest = statements(lambda: client.get("/api/v1/market/order/?q=(page_size:50)"))

    # Once a second, by the clock, a request asks for the versions of what this process keeps.
    assert len(many) <= 12, "\n".join(many)
    few, many = ([one for one in each if "companies_cache_version" not in one] for each in (few, many))
    assert len(many) == len(few), "\n".join(many)
    assert len(rest) <= 12, "\n".join(rest)


@pytest.mark.parametrize("user", ["bea", "cal", "root"])
def test_the_count_is_that_of_the_rows_whatever_page_is_read(
    world: Any, login: Login, run_in: Any, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_many(run_in, world.one, range(7))
    client = login(user, world.one)

    def count(page: int) -> tuple[int, bool]:
        answer = client.get(f"/api/v1/market/order/?q=(page_size:3,page:{page})").json
        return answer["count"], answer["count_capped"]

    every = [count(page) for page in range(4)]
    monkeypatch.setattr("app.crud.listing.COUNT_CAP", 4)
    monkeypatch.setattr("app.crud.api.COUNT_CAP", 4)
    capped = [count(page) for page in range(4)]

    assert len({*every}) == 1
    assert not every[0][1]
    total = every[0][0]
    assert {*capped} == {(min(total, 4), total > 4)}


def test_a_list_known_to_be_long_is_not_counted_again_for_a_minute(
    world: Any, run_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sqlalchemy as sa
    from flask_appbuilder.security.sqla.models import User

    from addons.market.models import Order
    from app.crud.listing import ListQuery
    from app.database.session import session

    clock = [100.0]
    monkeypatch.setattr("app.crud.listing.time", SimpleNamespace(monotonic=lambda: clock[0]))
    add_many(run_in, world.one, range(7))

    def counts() -> list[int]:
        actor = session.get_one(User, world.users["bea"])
        return [ListQuery(Order, actor, (), text=text).count(cap=4) for text in ("", "N-0001")]

    assert run_in(world.one, counts) == [5, 1]  # One more than the cap: longer.
    assert run_in(world.two, counts) == [0, 0]
    run_in(world.one, lambda: session.execute(sa.delete(Order)))
    assert run_in(world.one, counts) == [5, 0]  # What is searched for is always counted.
    clock[0] += 61
    assert run_in(world.one, counts) == [0, 0]
