"""Forms of records: nothing typed is lost, nothing half is saved, nobody overwrites what he has not seen."""

import datetime as dt
import re
import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.app.crud.orders import FORM, LINES, REST, VIEW, add, edit, shown

pytestmark = pytest.mark.by_turns

Login = Callable[..., FlaskClient]


@pytest.fixture
def bea(world: Any, login: Login) -> FlaskClient:
    """The boss in company one."""
    return login("bea", world.one)


def test_blanks_become_the_defaults_of_their_columns(bea: FlaskClient) -> None:
    assert add(bea, channel="  ", boxes="", note="\u200b").status_code == 302
    assert (shown(bea)["channel"], shown(bea)["boxes"], shown(bea)["note"]) == ("", None, None)


def test_values_are_read_as_people_type_them(bea: FlaskClient) -> None:
    answer = add(
        bea, ordered_on="２０２６年３月２日", discount="１，２３４．５", weight="0.3333", boxes="1,000", is_urgent="y",
        deliver_at="2026-03-05T18:00", phone="+86 138-1234-5678",
    )  # fmt: skip

    assert answer.status_code == 302, answer.text
    order = shown(bea)
    assert (order["ordered_on"], order["discount"], order["weight"]) == ("2026-03-02", "1234.50", "0.333300")
    assert (order["boxes"], order["is_urgent"], order["phone"]) == (1000, True, "13812345678")
    assert order["deliver_at"] == "2026-03-05T10:00:00+00:00"  # 18:00 in Shanghai.


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("number", "A" * 21, "At most 20 characters"),
        ("ordered_on", "2026-02-30", "There is no such day"),
        ("ordered_on", "soon", "This is no date"),
        ("boxes", "1.5", "A whole number"),
        ("boxes", "+-5", "A whole number"),
        ("boxes", "99999999999", "2147483647"),
        ("discount", "NaN", "number"),
        ("discount", "-1", "0"),
        ("discount", "0.001", "2"),
        ("discount", "1e30", "number"),
        ("discount", "9999999999999", "999999999999.99"),
        ("deliver_at", "2026-03-05T25:00", "is not a date and time"),
        ("phone", "12", "phone"),
        ("is_urgent", "perhaps", "Yes or no"),
        ("keeper_id", "999", "no such record"),
        ("keeper_id", "me", "no such record"),
        ("customer", "", "required"),
    ],
)
def test_a_wrong_value_is_named_and_kept(bea: FlaskClient, count: Any, name: str, typed: str, said: str) -> None:
    from addons.market.models import Order

    page = add(bea, **{"note": "my long note", name: typed})

    assert page.status_code == 422
    assert said in page.text
    assert "my long note" in page.text
    if typed and name not in ("keeper_id", "is_urgent"):
        assert f'value="{typed}"' in page.text
    assert count(Order) == 0


def test_the_field_of_a_unique_index_is_named(bea: FlaskClient, count: Any) -> None:
    from addons.market.models import Order

    add(bea)
    page = add(bea, customer="Somebody else")

    assert page.status_code == 422
    assert "Number: this value is already taken." in page.text
    assert "Somebody else" in page.text
    assert count(Order) == 1
    answer = bea.post(f"{REST}/", json=FORM)
    assert (answer.status_code, answer.json["field"]) == (409, "number")


def test_a_file_or_json_is_no_form(bea: FlaskClient, count: Any) -> None:
    import io

    from addons.market.models import Order

    as_file = bea.post(f"{VIEW}/add", data={**FORM, "customer": (io.BytesIO(b"x"), "x.txt")})
    answers = [as_file, *(bea.post(f"{VIEW}/add", json=body) for body in ([1], {}, FORM, "x"))]

    assert [answer.status_code for answer in answers] == [422] * 5
    assert count(Order) == 0


def test_a_link_opens_a_half_made_form(bea: FlaskClient) -> None:
    page = bea.get(f"{VIEW}/add?customer=Li+Si&ordered_on=nonsense&version=7&submission_key=mine&lines=1&nothing=1")

    assert page.status_code == 200
    assert 'value="Li Si"' in page.text
    assert "nonsense" not in page.text
    assert 'value="mine"' not in page.text
    assert 'value="7"' not in page.text


def test_lines_are_added_changed_moved_and_removed(bea: FlaskClient) -> None:
    add(bea, **LINES)
    chair, desk = shown(bea)["lines"]
    assert (chair["item"], chair["quantity"], desk["item"], desk["quantity"]) == (
        "Chair",
        "2.000000",
        "Desk",
        "1.500000",
    )

    answer = edit(
        bea, version="1", **{
            "lines-0-id": str(desk["id"]), "lines-0-item": "Desk", "lines-0-quantity": "3", "lines-0-is_gift": "y",
            "lines-7-item": "Lamp", "lines-7-quantity": "1", "lines-8-item": " ", "lines-8-quantity": "",
        },
    )  # fmt: skip

    assert answer.status_code == 302, answer.text
    lines = shown(bea)["lines"]
    assert [(line["item"], line["quantity"], line["is_gift"]) for line in lines] == [
        ("Desk", "3.000000", True), ("Lamp", "1.000000", False),
    ]  # fmt: skip
    assert lines[0]["id"] == desk["id"]
    page = bea.get(f"{VIEW}/show/1").text
    assert "Desk" in page
    assert "Chair" not in page.replace("Chair", "", page.count("<s>Chair"))


@pytest.mark.parametrize(
    "lines",
    [
        {"lines-0-item": "Chair", "lines-0-quantity": "many"},
        {"lines-0-item": "Chair", "lines-0-quantity": ""},
        {"lines-0-item": "Chair", "lines-0-quantity": "1", "lines-1-item": "Chair", "lines-1-quantity": "1"},
        {f"lines-{number}-{name}": "1" for number in range(51) for name in ("item", "quantity")},
    ],
    ids=["unreadable", "blank", "twice", "too many"],
)
def test_wrong_lines_save_nothing(bea: FlaskClient, count: Any, lines: dict[str, str]) -> None:
    from addons.market.models import Order, OrderLine

    page = add(bea, **lines)

    assert page.status_code == 422
    assert "Wang Wu" in page.text
    assert (count(Order), count(OrderLine)) == (0, 0)


@pytest.mark.parametrize(
    "name", ["lines-²-item", "lines-x-item", "lines--item", "lines-99999999999999999999-item", "lines-0"]
)
def test_strange_names_of_lines_are_no_lines(bea: FlaskClient, name: str) -> None:
    assert add(bea, **{name: "1"}).status_code == 302
    assert shown(bea)["lines"] == []


def test_a_line_of_another_record_is_not_taken_over(bea: FlaskClient) -> None:
    add(bea, **LINES)
    add(bea, number="A-2")
    key = str(shown(bea, 1)["lines"][0]["id"])

    page = edit(bea, 2, number="A-2", version="1", **{"lines-0-id": key, "lines-0-item": "X", "lines-0-quantity": "1"})

    assert page.status_code == 422
    assert [line["item"] for line in shown(bea, 1)["lines"]] == ["Chair", "Desk"]
    assert shown(bea, 2)["lines"] == []


def test_a_removed_line_may_be_replaced_by_one_of_the_same_value(bea: FlaskClient) -> None:
    add(bea, **LINES)
    chair, desk = shown(bea)["lines"]

    page = edit(
        bea,
        version="1",
        **{
            "lines-1-id": str(desk["id"]), "lines-1-item": "Desk", "lines-1-quantity": "3",
            "lines-2-item": "Chair", "lines-2-quantity": "5",
        },
    )  # fmt: skip

    assert page.status_code == 302, page.text
    lines = shown(bea)["lines"]
    assert [(line["item"], line["quantity"]) for line in lines] == [("Desk", "3.000000"), ("Chair", "5.000000")]
    assert lines[0]["id"] == desk["id"]
    assert lines[1]["id"] != chair["id"]


def test_two_editors_of_lines_meet(bea: FlaskClient) -> None:
    add(bea, **LINES)
    line = shown(bea)["lines"][0]["id"]
    one_line = {"lines-0-id": str(line), "lines-0-item": "Chair", "lines-0-quantity": "9"}

    assert edit(bea, version="1", **one_line).status_code == 302
    late = edit(bea, version="1", **LINES)

    assert late.status_code == 422
    assert "Somebody else has changed this record" in late.text
    assert [one["quantity"] for one in shown(bea)["lines"]] == ["9.000000"]


def test_an_edit_keeps_the_registry_true(world: Any, bea: FlaskClient, run_in: Callable[..., Any]) -> None:
    from app.documents.references import find_ref

    add(bea)
    bea.post(f"{VIEW}/comment/1", data={"body": "hello"})  # Makes the registry entry.
    edit(bea, number="B-7", version="1")
    by_page = run_in(world.one, lambda: find_ref("market.Order", 1).title)
    bea.put(f"{REST}/1", json={"number": "C-8"})

    assert by_page == "B-7"
    assert run_in(world.one, lambda: find_ref("market.Order", 1).title) == "C-8"


def test_after_saving_what_one_cannot_see_the_list_is_shown(world: Any, login: Login, run_in: Any) -> None:
    from addons.market.models import Order
    from app.companies.models import Employee
    from app.database.session import session

    oli, users = login("oli", world.one), world.users
    add(oli)
    assert oli.get(f"{VIEW}/show/1").status_code == 200

    def give_away() -> None:
        session.get(Order, 1).owner_id = session.query(Employee).filter_by(user_id=users["bea"]).one().id

    run_in(world.one, give_away)
    assert oli.get(f"{VIEW}/show/1").status_code == 404
    assert oli.post(f"{VIEW}/edit/1", data=FORM).status_code == 404


def test_a_record_in_use_is_not_deleted(world: Any, login: Login, run_in: Any) -> None:
    from app.companies.models import Employee
    from app.database.session import session

    bea, root = login("bea", world.one), login("root", world.one)
    key = run_in(world.one, lambda: session.query(Employee).filter_by(user_id=world.users["cal"]).one().id)
    add(bea, keeper_id=str(key))

    answer = root.post(f"/companies/employee/delete/{key}?version=1", follow_redirects=True)

    assert "Other records point at this one" in answer.text
    assert root.delete(f"/api/v1/companies/employee/{key}").status_code == 409
    assert root.get(f"/companies/employee/show/{key}").status_code == 200


def test_a_record_that_was_changed_meanwhile_is_not_deleted(bea: FlaskClient) -> None:
    add(bea)
    [address] = re.findall(r'data-post="([^"]+/delete/[^"]+)"', bea.get(f"{VIEW}/show/1").text)
    assert edit(bea, version="1", customer="Li Si").status_code == 302

    for stale in (address, f"{VIEW}/delete/1", f"{VIEW}/delete/1?version=x"):
        assert "Somebody else has changed this record" in bea.post(stale, follow_redirects=True).text
    refused = bea.delete(f"{REST}/1?version=1")
    unread = bea.delete(f"{REST}/1?version=one")

    assert (refused.status_code, refused.json["error"]) == (409, "record.stale")
    assert (unread.status_code, unread.json["field"]) == (422, "version")
    assert shown(bea)["customer"] == "Li Si"
    assert bea.delete(f"{REST}/1?version=2").status_code == 200
    assert bea.get(f"{REST}/1").status_code == 404


def test_one_key_makes_one_record_for_one_user(world: Any, login: Login, bea: FlaskClient, count: Any) -> None:
    from addons.market.models import Order

    first, second = add(bea, submission_key="k"), add(bea, submission_key="k", number="A-2")
    other = add(login("cal", world.one), submission_key="k", number="A-3")
    long = [add(bea, submission_key="k" * 80 + end, number=f"L-{end}") for end in "ab"]

    assert first.headers["Location"] == second.headers["Location"] != other.headers["Location"]
    assert long[0].headers["Location"] != long[1].headers["Location"]
    assert count(Order) == 4


def test_two_clicks_at_once_make_one_record(world: Any, login: Login, count: Any) -> None:
    from addons.market.models import Order

    clients = [login("bea", world.one) for _ in range(2)]
    together, found = threading.Barrier(2), []

    def click(client: FlaskClient) -> None:
        together.wait(10)
        found.append(add(client, submission_key="twice"))

    threads = [threading.Thread(target=click, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert [answer.status_code for answer in found] == [302, 302], [answer.text[:500] for answer in found]
    assert len({answer.headers["Location"] for answer in found}) == 1
    assert count(Order) == 1


def test_a_new_record_has_nothing_of_a_deleted_one(bea: FlaskClient) -> None:
    add(bea)
    bea.post(f"{VIEW}/comment/1", data={"body": "about the first"})
    assert bea.post(f"{VIEW}/delete/1?version=1").status_code == 302

    add(bea, number="A-2")

    assert bea.get(f"{VIEW}/show/1").status_code == 404
    page = bea.get(f"{VIEW}/show/2")
    assert page.status_code == 200
    assert "about the first" not in page.text


def test_keys_of_old_forms_are_forgotten(world: Any, bea: FlaskClient, count: Any, run_in: Any) -> None:
    from app.crud.models import Submission
    from app.database.columns import utc_now

    add(bea, submission_key="k")
    schedules = world.app.extensions["jobs"].schedules
    schedule = schedules["crud.delete_old_submissions"]
    assert {schedule.every, schedules["security.delete_old_logins"].every} == {dt.timedelta(days=1)}

    run_in(world.one, lambda: schedule.function(utc_now() + dt.timedelta(days=29)))
    assert count(Submission) == 1
    run_in(world.two, lambda: schedule.function(utc_now() + dt.timedelta(days=31)))
    assert count(Submission) == 1
    run_in(world.one, lambda: schedule.function(utc_now() + dt.timedelta(days=31)))

    assert count(Submission) == 0
    assert shown(bea)["number"] == "A-1"
