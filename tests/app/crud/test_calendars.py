"""Lists as calendars: what stands on which day, and what moving an entry does."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.app.crud.limits import HIDDEN, LOOKS, READ_ONLY, limit
from tests.app.crud.orders import VIEW, add, add_many, edit, shown
from tests.every_view.hostile import TEXTS

pytestmark = pytest.mark.by_turns

Login = Callable[..., FlaskClient]
MARCH = f"{VIEW}/calendar/?at=2026-03-10"
MOST_STATEMENTS = 12  # Of one page.
MOST_ELEMENTS = 1_500


def days(page: str) -> dict[str, str]:
    """Return the markup of each day of a month or week."""
    parts = re.split(r'<td data-day="([^"]*)"', page)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def entries(day: str) -> list[str]:
    """Return the words of the entries of a day."""
    return [re.sub(r"<[^>]*>", "", words) for words in re.findall(r'<li class="calendar-entry.*?(<a .*?)</a>', day)]


def move(client: FlaskClient, to: str, key: int = 1, *, address: str = "", version: str = "1") -> Any:
    """Send the form that moves an entry."""
    return client.post(f"{VIEW}/reschedule/{key}{address}", data={"to": to, "version": version})


@pytest.fixture
def bea(world: Any, login: Login) -> FlaskClient:
    """The boss in company one, with an order for each of two days, the first one shortly before midnight."""
    client = login("bea", world.one)
    add(client, deliver_at="2026-03-09T23:30")
    add(client, number="A-2", customer="Li Si", deliver_at="2026-03-10T09:00")
    return client


def test_a_month_begins_on_a_monday_and_has_the_company_s_days(bea: FlaskClient) -> None:
    page = bea.get(MARCH).text
    found = days(page)

    assert (next(iter(found)), [*found][-1], len(found)) == ("2026-02-23", "2026-04-05", 42)
    assert re.findall(r'<th scope="col">(\w+)</th>', page) == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    assert "March 2026</h2>" in page
    assert entries(found["2026-03-09"]) == ["23:30 Wang Wu"]  # By UTC it is the 9th, 15:30; by the clock there too.
    assert entries(found["2026-03-10"]) == ["09:00 Li Si"]
    assert [day for day, markup in found.items() if entries(markup)] == ["2026-03-09", "2026-03-10"]
    assert 'class="calendar-outside calendar-rest calendar-empty"' in found["2026-02-28"]
    assert "tone-" in found["2026-03-10"]


def test_a_chinese_month_is_worded_in_chinese(bea: FlaskClient) -> None:
    bea.get("/lang/zh")
    page = bea.get(MARCH).text

    assert "2026年3月</h2>" in page
    assert re.findall(r'<th scope="col">(\w+)</th>', page)[:2] == ["周一", "周二"]
    assert 'aria-label="2026年3月10日星期二"' in page


def test_a_week_and_a_day_tell_more(bea: FlaskClient) -> None:
    week = bea.get(f"{MARCH}&by=week").text
    assert [*days(week)] == [f"2026-03-{number:02}" for number in range(9, 16)]
    assert entries(days(week)["2026-03-10"]) == ["09:00 Li Si"]
    assert f'href="{VIEW}/calendar/?by=week&amp;at=2026-03-17"' in week

    day = bea.get(f"{MARCH}&by=day").text
    assert "Tuesday, March 10, 2026</h2>" in day
    assert entries(day) == ["09:00 Li Si"]
    assert "13812345678" in day
    assert f'href="{VIEW}/add?deliver_at=2026-03-10T09%3A00"' in day


def test_today_is_marked_and_the_pages_follow_each_other(bea: FlaskClient) -> None:
    from app.companies.clock import ZoneInfo

    today = dt.datetime.now(ZoneInfo("Asia/Shanghai")).date()
    found = days(bea.get(f"{VIEW}/calendar/").text)
    assert [day for day, markup in found.items() if "calendar-today" in markup] == [str(today)]

    page = bea.get(f"{VIEW}/calendar/?at=2026-01-31&q=Li").text
    assert f'href="{VIEW}/calendar/?q=Li&amp;at=2025-12-01"' in page
    assert f'href="{VIEW}/calendar/?q=Li&amp;at=2026-02-01"' in page
    assert f'href="{VIEW}/calendar/?q=Li"' in page


@pytest.mark.parametrize("asked", ["at=nonsense", "at=1500-01-01", "at=2026-02-30"])
def test_a_day_that_is_none_is_named(bea: FlaskClient, asked: str) -> None:
    page = bea.get(f"{VIEW}/calendar/?{asked}&by=decade")

    assert page.status_code == 200
    assert "flash-warning" in page.text or "date" in page.text
    assert "calendar-today" in page.text


def test_nonsense_in_the_address_breaks_nothing(bea: FlaskClient) -> None:
    for text in (*TEXTS[::8], "1,2,3"):
        asked = dict.fromkeys(("at", "by", "on", "default", "q"), text)
        assert bea.get(f"{VIEW}/calendar/", query_string=asked).status_code == 200, text
        assert bea.get(f"{VIEW}/list/", query_string=asked).status_code == 200, text
        assert bea.get(f"{VIEW}/printed/", query_string={"ids": text}).status_code in (200, 404), text
        assert bea.post(f"{VIEW}/reschedule/1", data={"to": text, "version": text}).status_code == 422, text
    assert shown(bea)["deliver_at"] == "2026-03-09T15:30:00+00:00"


def test_the_work_calendar_is_marked(bea: FlaskClient, world: Any, run_in: Any) -> None:
    from app.masterdata.choices import DayKind
    from app.masterdata.working_days import set_day

    def keep() -> None:
        set_day(dt.date(2026, 3, 11), kind=DayKind.HOLIDAY, name="Founders' day")
        set_day(dt.date(2026, 3, 14), kind=DayKind.WORKDAY)

    run_in(world.one, keep)
    found = days(bea.get(MARCH).text)

    assert "Founders&#39; day" in found["2026-03-11"]
    assert "calendar-rest" in found["2026-03-11"]
    assert "Working day" in found["2026-03-14"]
    assert "calendar-rest" not in found["2026-03-14"]
    assert "calendar-rest" in found["2026-03-15"]


def test_filters_hold_and_the_switch_keeps_them(bea: FlaskClient) -> None:
    asked = "_flt_0_number=A-2"
    page = bea.get(f"{MARCH}&{asked}").text

    assert [day for day, markup in days(page).items() if entries(markup)] == ["2026-03-10"]
    assert f'href="{VIEW}/list/?{asked}" title="List"' in page
    assert f'href="{VIEW}/board/?{asked}" title="Board"' in page
    listed = bea.get(f"{VIEW}/list/?{asked}&on=2026-03-10&page_market_OrderView=0").text
    assert f'href="{VIEW}/calendar/?{asked}" title="Calendar"' in listed
    assert entries(days(bea.get(f"{MARCH}&q=Wang").text)["2026-03-10"]) == []


def test_what_has_no_room_leads_to_the_list_of_the_day(bea: FlaskClient, world: Any, run_in: Any) -> None:
    at = dt.datetime(2026, 3, 10, 4, tzinfo=dt.UTC)
    add_many(run_in, world.one, range(14), deliver_at=at)
    add_many(run_in, world.one, range(20, 22), deliver_at=at + dt.timedelta(days=1))
    day = days(bea.get(f"{MARCH}&_flt_0_state=draft").text)["2026-03-10"]

    assert entries(day) == ["09:00 Li Si", "12:00 Customer 0000", "12:00 Customer 0001"]
    assert f'href="{VIEW}/list/?_flt_0_state=draft&amp;on=2026-03-10">+12 more</a>' in day
    listed = bea.get(f"{VIEW}/list/?_flt_0_state=draft&on=2026-03-10").text
    assert '<span class="pill">15</span>' in listed
    assert "<b>2026-03-10</b>" in listed
    assert '<span class="pill">18</span>' in bea.get(f"{VIEW}/list/").text
    assert "This is no date" in bea.get(f"{VIEW}/list/?on=soon").text


def test_scope_masks_and_rights_hold(bea: FlaskClient, world: Any, login: Login) -> None:
    add(login("oli", world.one), number="A-3", customer="Zhao", deliver_at="2026-03-10T10:00")
    own, clerk = login("oli", world.one), login("cal", world.one)

    assert entries(days(own.get(MARCH).text)["2026-03-10"]) == ["10:00 Zhao"]
    assert entries(days(login("bea", world.two).get(MARCH).text)["2026-03-10"]) == []
    masked = clerk.get(f"{MARCH}&by=day").text
    assert "138****5678" in masked
    assert "13812345678" not in masked
    assert login("rob", world.one).get(MARCH).status_code == 403
    assert login("ann", world.one).get("/visits/visit/calendar/").status_code == 404
    assert "/visits/visit/calendar/" not in login("ann", world.one).get("/visits/visit/list/").text


def test_a_page_stays_within_its_statements_and_elements(
    bea: FlaskClient, world: Any, run_in: Any, statements: Any
) -> None:
    for number in range(42):
        at = dt.datetime(2026, 2, 23, 4, tzinfo=dt.UTC) + dt.timedelta(days=number)
        add_many(run_in, world.one, range(number * 4, number * 4 + 4), deliver_at=at)
    noon = dt.datetime(2026, 3, 10, 4, tzinfo=dt.UTC)
    add_many(run_in, world.one, range(200, 320), deliver_at=noon, phone="13812345678")
    bea.get(MARCH)

    assert len(statements(lambda: bea.get(MARCH))) <= MOST_STATEMENTS
    for by in ("month", "week", "day"):
        assert len(re.findall(r"<[a-z]", bea.get(f"{MARCH}&by={by}").text)) <= MOST_ELEMENTS


def test_an_entry_is_moved_and_keeps_its_hour(bea: FlaskClient) -> None:
    asked = "?at=2026-03-10&_flt_0_number=A"
    page = bea.get(f"{VIEW}/reschedule/1{asked}").text
    assert "Move “Wang Wu” to" in page
    assert 'type="date" name="to" value="2026-03-09" required autofocus' in page

    done = move(bea, "2026-03-20", address=asked)
    assert (done.status_code, done.location) == (302, f"{VIEW}/calendar/{asked}")
    found = days(bea.get(done.location).text)
    assert entries(found["2026-03-20"]) == ["23:30 Wang Wu"]
    assert entries(found["2026-03-09"]) == []
    assert shown(bea)["deliver_at"] == "2026-03-20T15:30:00+00:00"


@pytest.mark.parametrize(
    ("to", "text"), [("", "This is no date"), ("soon", "This is no date"), ("2026-02-30", "There is no such day")]
)
def test_a_refused_day_is_named_and_nothing_moves(bea: FlaskClient, to: str, text: str) -> None:
    page = move(bea, to)

    assert page.status_code == 422
    assert text in page.text
    assert f'name="to" value="{to}"' in page.text
    assert shown(bea)["deliver_at"] == "2026-03-09T15:30:00+00:00"


def test_a_stale_entry_is_refused(bea: FlaskClient) -> None:
    edit(bea, customer="Wang Liu", deliver_at="2026-03-09T23:30", version="1")

    for sent in ("1", "", "9" * 12):
        page = move(bea, "2026-03-20", version=sent)
        assert page.status_code == 422
        assert "Somebody else has changed this record" in page.text
    assert shown(bea)["deliver_at"] == "2026-03-09T15:30:00+00:00"


def test_only_whoever_may_edit_is_offered_to_move(bea: FlaskClient, world: Any, login: Login) -> None:
    cal, oli = login("cal", world.one), login("oli", world.one)

    assert f"{VIEW}/reschedule/1" in bea.get(MARCH).text
    assert oli.get(f"{VIEW}/reschedule/1").status_code == 404
    assert move(oli, "2026-03-20").status_code == 404
    assert move(login("bea", world.two), "2026-03-20").status_code == 404
    assert cal.get(f"{VIEW}/reschedule/x").status_code == 404
    assert shown(bea)["deliver_at"] == "2026-03-09T15:30:00+00:00"


def test_what_stands_on_no_day_is_not_moved(bea: FlaskClient) -> None:
    add(bea, number="A-9")

    page = move(bea, "2026-03-20", key=3)
    assert page.status_code == 422
    assert "stands on no day yet" in page.text


def test_a_new_record_begins_on_the_day_that_was_chosen(bea: FlaskClient) -> None:
    address = re.search(r'class="calendar-add" href="([^"]*)"', days(bea.get(MARCH).text)["2026-03-12"])

    assert address is not None
    assert 'value="2026-03-12T09:00"' in bea.get(address[1]).text


def test_a_hidden_day_hides_the_calendar_and_a_locked_one_keeps_it(
    bea: FlaskClient, world: Any, login: Login, run_in: Any
) -> None:
    limit(world, run_in, "cal", {"deliver_at": HIDDEN})
    assert login("cal", world.one).get(MARCH).status_code == 404
    assert f"{VIEW}/calendar/" not in login("cal", world.one).get(f"{VIEW}/list/").text

    limit(world, run_in, "oli", {"deliver_at": READ_ONLY}, verbs=(*LOOKS, "edit"))
    oli = login("oli", world.one)
    add(bea, number="A-4")
    page = oli.get(MARCH)
    assert page.status_code == 200
    assert "calendar-move" not in page.text
