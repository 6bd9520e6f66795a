"""Generated screens: list, record page, forms, buttons."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from flask.testing import FlaskClient

pytestmark = pytest.mark.by_turns

Login = Callable[..., FlaskClient]
FORM = {"customer": "Wang Wu", "visited_on": "2026-03-05", "minutes": "30", "note": ""}
VIEW = "/visits/visit"


def add(client: FlaskClient, **changes: str) -> Any:
    """Send the form of a new visit."""
    return client.post(f"{VIEW}/add", data={**FORM, **changes})


def test_create_list_show_edit_delete(world: SimpleNamespace, login: Login) -> None:
    ann = login("ann", world.one)

    assert add(ann).status_code == 302
    page = ann.get(f"{VIEW}/list/")

    assert page.status_code == 200, page.text
    assert "Wang Wu" in page.text
    assert "Wang Wu" in ann.get(f"{VIEW}/show/1").text
    edited = ann.post(f"{VIEW}/edit/1", data={**FORM, "minutes": "45", "version": "1"})
    assert edited.status_code == 302, edited.text
    assert ">45<" in ann.get(f"{VIEW}/list/").text
    assert ann.get(f"{VIEW}/delete/1").status_code == 405
    assert ann.post(f"{VIEW}/delete/1?version=2").status_code == 302
    assert ann.get(f"{VIEW}/show/1").status_code == 404


def test_form_errors_keep_what_was_typed(world: SimpleNamespace, login: Login) -> None:
    ann = login("ann", world.one)
    add(ann)

    taken = add(ann, note="my long note")
    wrong = add(ann, minutes="many", note="my long note", visited_on="2026-02-30")

    assert (taken.status_code, wrong.status_code) == (422, 422)
    assert "my long note" in taken.text
    assert "this value is already taken" in taken.text
    assert "my long note" in wrong.text
    assert 'value="many"' in wrong.text
    assert 'value="2026-02-30"' in wrong.text
    assert ann.get("/api/v1/visits/visit/").json["count"] == 1


def test_a_stale_form_is_refused(world: SimpleNamespace, login: Login) -> None:
    ann = login("ann", world.one)
    add(ann)
    ann.post(f"{VIEW}/edit/1", data={**FORM, "minutes": "45", "version": "1"})

    page = ann.post(f"{VIEW}/edit/1", data={**FORM, "minutes": "50", "note": "typed", "version": "1"})

    assert "Somebody else has changed this record" in page.text
    assert "typed" in page.text
    assert ann.get("/api/v1/visits/visit/1").json["result"]["minutes"] == 45


def test_the_other_company_sees_nothing(world: SimpleNamespace, login: Login) -> None:
    add(login("ann", world.one))
    ann = login("ann", world.two)

    page = ann.get(f"{VIEW}/list/")

    assert "Wang Wu" not in page.text
    assert ann.get(f"{VIEW}/show/1").status_code == 404
    assert ann.get("/api/v1/visits/visit/1").status_code == 404
    assert "Bonus" not in page.text  # bonus is off in Two: no slot.


def test_roles(world: SimpleNamespace, login: Login) -> None:
    eve, rob, ann = (login(name, world.one) for name in ("eve", "rob", "ann"))

    assert eve.get(f"{VIEW}/list/").status_code in (302, 403)
    assert eve.get("/api/v1/visits/visit/").status_code == 403
    assert f"{VIEW}/list/" not in eve.get("/").text
    assert rob.get(f"{VIEW}/list/").status_code == 200
    assert rob.post(f"{VIEW}/add", data=FORM).status_code in (302, 403)
    assert f"{VIEW}/list/" in ann.get("/").text
    assert ann.get("/api/v1/visits/visit/").json["count"] == 0


def test_sending_a_form_twice_makes_one_record(world: SimpleNamespace, login: Login) -> None:
    ann = login("ann", world.one)

    first = add(ann, submission_key="k1")
    second = add(ann, submission_key="k1")

    assert first.headers["Location"] == second.headers["Location"]
    assert ann.get("/api/v1/visits/visit/").json["count"] == 1


def test_buttons_say_why_they_are_grey(world: SimpleNamespace, login: Login) -> None:
    ann, rob = login("ann", world.two), login("rob", world.two)
    add(ann)

    buttons = ann.get("/api/v1/visits/visit/1/transitions").json["result"]
    ann.post(f"{VIEW}/transition/confirm/1", data={"minutes": "70"})

    assert [(one["name"], one["enabled"]) for one in buttons] == [("confirm", True), ("cancel", True)]
    assert ann.get("/api/v1/visits/visit/1").json["result"]["state"] == "done"
    assert rob.get(f"{VIEW}/show/1").status_code == 404  # His scope is his own records.
