"""A copy is a form filled from another record; nothing is saved before somebody saves it."""

import re

import pytest

from tests.app.crud.limits import limit
from tests.app.crud.orders import FORM, LINES, VIEW, add, shown

pytestmark = pytest.mark.by_turns


@pytest.fixture
def bea(world, login):
    """The boss in company one, with an order of two lines."""
    client = login("bea", world.one)
    assert add(client, note="Call first", boxes="3", **LINES).status_code == 302
    return client


def value_of(page: str, name: str) -> str:
    """Return what stands in a field of a form."""
    return re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)[1]


def test_the_form_is_filled_but_for_what_must_differ_and_who_it_is(bea, count):
    page = bea.get(f"{VIEW}/show/1").text
    assert f'href="{VIEW}/add?copy=1"' in page

    form = bea.get(f"{VIEW}/add?copy=1").text

    assert [value_of(form, name) for name in ("customer", "boxes", "ordered_on")] == ["Wang Wu", "3", "2026-03-02"]
    assert "Call first" in form
    assert [value_of(form, f"lines-{number}-{name}") for number in (0, 1) for name in ("item", "quantity", "id")] == [
        "Chair", "2", "", "Desk", "1.5", "",
    ]  # fmt: skip
    assert [value_of(form, name) for name in ("number", "phone")] == ["", ""]
    from addons.market.models import Order

    assert count(Order) == 1


def test_what_is_saved_is_a_new_record_and_the_old_one_stays(bea, count):
    assert bea.post(f"{VIEW}/add?copy=1", data={**FORM, **LINES, "number": "A-2", "boxes": "4"}).status_code == 302

    assert [(shown(bea, key)["number"], shown(bea, key)["boxes"], len(shown(bea, key)["lines"])) for key in (1, 2)] == [
        ("A-1", 3, 2),
        ("A-2", 4, 2),
    ]


@pytest.mark.parametrize("asked", ["99", "x", "", "1 OR 1=1"])
def test_nothing_to_copy_is_an_empty_form(bea, asked):
    form = bea.get(f"{VIEW}/add", query_string={"copy": asked})

    assert form.status_code == 200
    assert value_of(form.text, "customer") == ""


def test_nobody_copies_what_he_may_not_see(bea, world, login):
    assert value_of(login("bea", world.two).get(f"{VIEW}/add?copy=1").text, "customer") == ""
    assert value_of(login("oli", world.one).get(f"{VIEW}/add?copy=1").text, "customer") == ""  # He sees his own only.


def test_nobody_copies_what_he_has_no_right_to_show(bea, world, login, run_in):
    limit(world, run_in, "cal", {}, verbs=("list", "add"))

    assert value_of(login("cal", world.one).get(f"{VIEW}/add?copy=1").text, "customer") == ""


def test_records_of_people_are_not_copied(world, login):
    client = login("root", world.one)
    client.post("/masterdata/partner/add", data={"kind": "person", "name": "王芳"})

    assert "copy=" not in client.get("/masterdata/partner/show/1").text
