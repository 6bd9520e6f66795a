"""One step on many records: what is shown before, what is done, and what is refused by name."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.app.crud.orders import REST, VIEW, add_many, edit, shown

pytestmark = pytest.mark.by_turns

Login = Callable[..., FlaskClient]
SEND = {"reason": "all there", "on": "2026-03-05"}


def chosen(client: FlaskClient, step: str, *keys: int, address: str = "", **more: str) -> Any:
    """Tick records in the list and press a button of its bar."""
    return client.post(f"{VIEW}/bulk/{step}{address}", data={"rowid": [str(key) for key in keys], **more})


def done(client: FlaskClient, step: str, versions: dict[int, int], **more: str) -> Any:
    """Press the button of the page that shows what would be done."""
    sent = {f"version-{key}": str(version) for key, version in versions.items()}
    return client.post(f"{VIEW}/bulk/{step}", data={**sent, **more})


def states(client: FlaskClient, count: int) -> list[str]:
    return [shown(client, key)["state"] for key in range(1, count + 1)]


def cells(page: str, title: str) -> list[str]:
    """Return the texts of a table of the page."""
    table = page.partition(f'aria-label="{title}">')[2].partition("</table>")[0]
    return [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<td.*?</td>", table)]


def test_the_list_offers_what_the_reader_may_do(world: Any, login: Login, run_in: Any) -> None:
    add_many(run_in, world.one, range(2))
    boss, clerk = (login(name, world.one).get(f"{VIEW}/list/?q=N").text for name in ("bea", "cal"))

    assert re.findall(rf'formaction="{VIEW}/bulk/(\w+)\?q=N"', boss) == ["send", "cancel", "print_out", "delete"]
    assert re.findall(rf'formaction="{VIEW}/bulk/(\w+)\?q=N"', clerk) == ["send", "print_out"]
    assert boss.count('name="rowid"') == 2
    assert 'name="rowid"' not in login("rob", world.one).get("/visits/visit/list/").text


def test_the_page_before_says_for_which_and_asks_once(world: Any, login: Login, run_in: Any) -> None:
    from addons.market.models import OrderState

    add_many(run_in, world.one, range(2))
    add_many(run_in, world.one, range(2, 3), state=OrderState.SENT)
    bea = login("bea", world.one)

    page = chosen(bea, "send", 1, 3, 2, 3).text
    assert re.findall(r'name="version-(\d+)" value="(\d+)"', page) == [("1", "1"), ("2", "1")]
    assert page.count('name="reason"') == 1
    assert cells(page, "Left as they are") == ["N-0002", "“Send” works only in state “Draft”; this is “Sent”."]
    assert "Send: 2 records" in page
    assert states(bea, 3) == ["draft", "draft", "sent"]


def test_each_is_done_for_itself(world: Any, login: Login, run_in: Any) -> None:
    add_many(run_in, world.one, range(3))
    bea = login("bea", world.one)
    edit(bea, 2, version="1")

    page = done(bea, "send", {1: 1, 2: 1, 3: 1}, **SEND)
    assert page.status_code == 200
    assert cells(page.text, "Refused") == ["A-1", "Somebody else has changed this record. Load it again."]
    assert cells(page.text, "Done") == ["N-0000", "N-0002"]
    assert states(bea, 3) == ["sent", "draft", "sent"]


def test_all_or_none_does_nothing_if_one_is_refused(world: Any, login: Login, run_in: Any) -> None:
    add_many(run_in, world.one, range(3))
    bea = login("bea", world.one)
    edit(bea, 3, version="1")

    page = done(bea, "cancel", {1: 1, 2: 1, 3: 1}, together="1").text
    assert "Nothing was done" in page
    assert cells(page, "Refused") == ["A-1", "Somebody else has changed this record. Load it again."]
    assert states(bea, 3) == ["draft"] * 3
    assert done(bea, "cancel", {1: 1, 2: 1}, together="1").status_code == 200
    assert states(bea, 3) == ["cancelled", "cancelled", "draft"]


def test_a_wrong_answer_of_the_dialog_keeps_what_was_typed(world: Any, login: Login, run_in: Any) -> None:
    add_many(run_in, world.one, range(2))
    bea = login("bea", world.one)

    page = done(bea, "send", {1: 1, 2: 1}, reason="half a page", on="tomorrow")
    assert page.status_code == 422
    assert "half a page" in page.text
    assert "On: This is no date. Example: 2026-03-02." in page.text
    assert re.findall(r'name="version-(\d+)"', page.text) == ["1", "2"]
    assert states(bea, 2) == ["draft", "draft"]


def test_the_same_form_twice_does_it_once(world: Any, login: Login, run_in: Any) -> None:
    add_many(run_in, world.one, range(2))
    bea = login("bea", world.one)

    assert done(bea, "cancel", {1: 1, 2: 1}, submission_key="k").status_code == 200
    again = done(bea, "cancel", {1: 1, 2: 1}, submission_key="k")
    assert (again.status_code, again.location) == (302, f"{VIEW}/list/")
    assert "Cancel: 2 done." in bea.get(again.location).text


def test_all_that_match_the_filter(world: Any, login: Login, run_in: Any) -> None:
    add_many(run_in, world.one, range(30))
    bea = login("bea", world.one)

    assert "All 30 that match" in bea.get(f"{VIEW}/list/").text
    page = chosen(bea, "cancel", address="?_flt_0_number=000", all="1").text
    assert "Cancel: 10 records" in page
    wrong = chosen(bea, "cancel", address="?_flt_0_ordered_on=nonsense", all="1")
    assert (wrong.status_code, wrong.location) == (302, f"{VIEW}/list/?_flt_0_ordered_on=nonsense")


def test_many_records_are_done_by_a_job(world: Any, login: Login, run_in: Any) -> None:
    add_many(run_in, world.one, range(60))
    bea = login("bea", world.one)

    answer = done(bea, "send", dict.fromkeys(range(1, 61), 1), **SEND)
    assert answer.status_code == 302
    page = bea.get(answer.location).text
    assert "<b>60</b>done" in page
    assert states(bea, 60) == ["sent"] * 60


def test_deleting_many(world: Any, login: Login, run_in: Any) -> None:
    add_many(run_in, world.one, range(3))
    bea = login("bea", world.one)

    assert cells(done(bea, "delete", {1: 1, 3: 1}).text, "Done") == ["N-0000", "N-0002"]
    assert [bea.get(f"{REST}/{key}").status_code for key in (1, 2, 3)] == [404, 200, 404]


def test_archiving_and_restoring_many_minds_the_version(world: Any, login: Login, run_in: Any) -> None:
    from app.database.session import session
    from app.masterdata.models import UnitOfMeasure

    units = "/masterdata/unitofmeasure"

    def make() -> list[int]:
        made = [UnitOfMeasure(code=code, name=code) for code in ("PCS", "BOX")]
        session.add_all(made)
        session.flush()
        return [one.id for one in made]

    first, second = run_in(world.one, make)
    root = login("root", world.one)
    sent = {f"version-{first}": "1", f"version-{second}": "7"}

    page = root.post(f"{units}/bulk/archive", data=sent).text
    assert cells(page, "Done") == ["PCS"]
    stale = "Somebody else has changed this record meanwhile. Reload it and try again."
    assert cells(page, "Refused") == ["BOX", stale]
    archived = root.get(f"{units}/list/?archived=1").text
    assert "PCS" in archived
    assert "BOX" not in archived
    assert f'formaction="{units}/bulk/restore?archived=1"' in archived
    page = root.post(f"{units}/bulk/restore?archived=1", data={f"version-{first}": "2"}).text
    assert cells(page, "Done") == ["PCS"]


@pytest.mark.parametrize(("count", "words"), [(0, "Choose at least one record."), (501, "500 records at most")])
def test_none_and_too_many_are_refused(world: Any, login: Login, count: int, words: str) -> None:
    bea = login("bea", world.one)

    answer = chosen(bea, "cancel", *range(1, count + 1))
    assert answer.status_code == 302
    assert words in bea.get(answer.location).text


def test_rights_scope_and_companies_hold(world: Any, login: Login, run_in: Any) -> None:
    add_many(run_in, world.one, range(2))
    cal, oli, other = login("cal", world.one), login("oli", world.one), login("bea", world.two)

    assert done(cal, "cancel", {1: 1}).status_code == 403
    assert done(cal, "delete", {1: 1}).status_code == 403
    assert [done(cal, name, {1: 1}).status_code for name in ("pay", "nonsense")] == [404, 404]
    for client in (oli, other):
        assert cells(done(client, "send", {1: 1}, **SEND).text, "Refused") == [
            "#1",
            "This record is not there any more, or you may not see it.",
        ]
    assert states(login("bea", world.one), 2) == ["draft", "draft"]


def test_the_same_by_rest(world: Any, login: Login, run_in: Any) -> None:
    add_many(run_in, world.one, range(3))
    bea = login("bea", world.one)
    body = {"ids": {"1": 1, "2": 7}, "arguments": SEND}

    answer = bea.post(f"{REST}/bulk/send", json=body)
    assert answer.status_code == 200, answer.text
    assert [one["id"] for one in answer.json["done"]] == [1]
    assert [(one["id"], one["reason"][:13]) for one in answer.json["refused"]] == [(2, "Somebody else")]
    assert bea.post(f"{REST}/bulk/send", json={"ids": [1]}).status_code == 422
    assert bea.post(f"{REST}/bulk/send", json={**body, "arguments": {"on": "x"}}).status_code == 422
    assert login("cal", world.one).post(f"{REST}/bulk/cancel", json={"ids": {"2": 1}}).status_code == 403
    assert states(bea, 3) == ["sent", "draft", "draft"]
