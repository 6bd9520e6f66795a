"""The buttons of a workflow on the record page: versions, dialogs that keep what was typed, and foreign records."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.app.crud.orders import REST, VIEW, add, edit, shown

pytestmark = pytest.mark.by_turns

Login = Callable[..., FlaskClient]


def send(client: FlaskClient, key: int = 1, **values: str) -> Any:
    """Press the button "send" with the arguments of its dialog."""
    return client.post(f"{VIEW}/transition/send/{key}", data={"reason": "all there", "on": "2026-03-05", **values})


def test_the_page_carries_the_version_of_the_record(world: Any, login: Login) -> None:
    bea = login("bea", world.one)
    add(bea)

    page = bea.get(f"{VIEW}/show/1").text

    assert page.count('<input type="hidden" name="version" value="1">') >= 1
    assert re.search(
        r'<dialog class="dialog" id="ask-send"[^>]*>\s*<form[^>]*>.*?name="version" value="1"', page, re.DOTALL
    )
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_a_dialog_does_its_transition(world: Any, login: Login) -> None:
    bea = login("bea", world.one)
    add(bea)

    assert send(bea, version="1").status_code == 302
    assert shown(bea)["state"] == "sent"


def test_a_stale_dialog_is_refused_and_kept(world: Any, login: Login) -> None:
    bea = login("bea", world.one)
    add(bea)
    edit(bea, customer="Li Si", version="1")

    page = send(bea, version="1", reason="half a page of reasons")

    assert page.status_code == 422
    assert "data-open" in page.text
    assert "half a page of reasons" in page.text
    assert "Somebody else has changed this record" in page.text
    assert 'name="version" value="2"' in page.text  # The page shows the record as it is now, and may be sent again.
    assert "Li Si" in page.text
    assert shown(bea)["state"] == "draft"
    assert send(bea, version="2").status_code == 302


def test_a_dialog_is_kept_when_its_button_is_gone(world: Any, login: Login) -> None:
    bea = login("bea", world.one)
    add(bea)
    bea.post(f"{VIEW}/transition/cancel/1", data={"version": "1"})

    page = send(bea, version="1", reason="half a page of reasons")

    assert page.status_code == 422
    assert "half a page of reasons" in page.text
    assert "data-open" in page.text
    assert shown(bea)["state"] == "cancelled"


def test_wrong_arguments_stand_at_their_field(world: Any, login: Login) -> None:
    bea = login("bea", world.one)
    add(bea)

    early = send(bea, on="2026-03-01", reason="<b>why</b>")
    no_day = send(bea, on="2026-02-30")
    blank = send(bea, reason="   ")

    assert [page.status_code for page in (early, no_day, blank)] == [422, 422, 422]
    assert "Not before 2026-03-02." in early.text
    assert "&lt;b&gt;why&lt;/b&gt;" in early.text
    assert 'value="2026-02-30"' in no_day.text
    assert re.search(r"Reason is required|Reason", blank.text)
    assert shown(bea)["state"] == "draft"


def test_a_button_without_a_dialog_says_why_not(world: Any, login: Login) -> None:
    bea = login("bea", world.one)
    add(bea)
    edit(bea, customer="Li Si", version="1")

    page = bea.post(f"{VIEW}/transition/cancel/1", data={"version": "1"})

    assert page.status_code == 422
    assert "Somebody else has changed this record" in page.text
    assert shown(bea)["state"] == "draft"
    assert bea.post(f"{VIEW}/transition/cancel/1", data={"version": "2"}).status_code == 302


def test_who_may_not_is_refused(world: Any, login: Login) -> None:
    add(login("bea", world.one))
    cal = login("cal", world.one)

    assert cal.post(f"{VIEW}/transition/cancel/1").status_code == 403
    assert cal.post(f"{REST}/1/cancel").status_code == 403
    assert shown(cal)["state"] == "draft"


def test_nobody_presses_an_automatic_transition(world: Any, login: Login) -> None:
    bea = login("bea", world.one)
    add(bea)
    send(bea)

    assert bea.post(f"{VIEW}/transition/pay/1").status_code == 404
    assert bea.post(f"{REST}/1/pay").status_code == 404
    assert shown(bea)["state"] == "sent"
    assert "can_pay" not in bea.get(f"{REST}/_info").json["permissions"]
    with world.app.app_context():
        from flask_appbuilder.security.sqla.models import Permission

        from app.database.session import session

        assert session.query(Permission).filter_by(name="can_pay").count() == 0


def test_a_record_as_argument_is_of_this_company(world: Any, login: Login, run_in: Callable[..., Any]) -> None:
    from app.companies.models import Employee
    from app.database.session import session

    bea = login("bea", world.one)
    add(bea)

    def first() -> int:
        return session.query(Employee).order_by(Employee.id).first().id

    own, foreign = run_in(world.one, first), run_in(world.two, first)

    assert send(bea, keeper=str(foreign)).status_code == 422
    assert bea.post(f"{REST}/1/send", json={"reason": "x", "on": "2026-03-05", "keeper": foreign}).status_code == 422
    assert bea.get(f"{VIEW}/lookup/send/keeper?q=Ann").json == [{"id": own, "sub": "", "text": "Ann"}]
    assert send(bea, keeper=str(own)).status_code == 302


def test_transitions_of_another_company_do_not_exist(world: Any, login: Login) -> None:
    add(login("bea", world.one))
    there = login("bea", world.two)

    answers = [
        there.post(f"{VIEW}/transition/send/1"), there.post(f"{REST}/1/send", json={}),
        there.get(f"{REST}/1/transitions"), there.post(f"{VIEW}/transition/nothing/1"),
    ]  # fmt: skip

    assert [answer.status_code for answer in answers] == [404] * 4
