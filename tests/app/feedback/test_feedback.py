"""Users report faults and wishes; whoever reported one is told when it is closed (S:CORE-21, S:CORE-25)."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

pytestmark = pytest.mark.by_turns

Login = Callable[..., FlaskClient]
FORM, REST = "/report-fault/", "/api/v1/feedback/faultreport/"


@pytest.fixture
def rob(world: Any, login: Login) -> FlaskClient:
    """Somebody with hardly a right."""
    return login("rob", world.one)


@pytest.fixture
def root(world: Any, login: Login) -> FlaskClient:
    """The administrator."""
    return login("root", world.one)


def notices(world: Any, run_in: Any) -> list[tuple[int, dict[str, Any]]]:
    """Return who was told what."""
    from app.database.session import session
    from app.notices import Notice

    return run_in(world.one, lambda: [(one.user_id, one.values) for one in session.scalars(sa.select(Notice))])


@pytest.mark.rule("S:CORE-21", "S:CORE-25")
def test_a_reporter_is_told_when_the_report_is_closed(
    world: Any, rob: FlaskClient, root: FlaskClient, run_in: Any
) -> None:
    menu = rob.get("/").text
    assert f"{FORM}?page=/" in menu or f"{FORM}?page=%2F" in menu
    assert 'value="/visits/visit/list/"' in rob.get(f"{FORM}?page=/visits/visit/list/").text
    rob.post(FORM, data={"text": "Slow <b>", "page": "/visits/visit/list/"})
    rob.post(FORM, data={"text": "A dark mode", "kind": "wish"})

    (wish, fault) = root.get(REST).json["ids"]
    shown = root.get(f"{REST}{fault}").json["result"]
    assert (shown["kind"], shown["text"], shown["page"], shown["state"]) == (
        "fault",
        "Slow <b>",
        "/visits/visit/list/",
        "open",
    )
    assert root.get(f"{REST}{wish}").json["result"]["kind"] == "wish"
    assert root.post(f"{REST}{fault}/handle", json={}).status_code == 200
    assert notices(world, run_in) == []
    assert root.post(f"{REST}{fault}/close", json={"answer": " "}).status_code == 422
    assert root.post(f"{REST}{fault}/close", json={"answer": "Faster now"}).status_code == 200

    assert root.get(f"{REST}{fault}").json["result"]["state"] == "closed"
    assert notices(world, run_in) == [(world.users["rob"], {"number": fault, "answer": "Faster now"})]
    assert f"Your report no. {fault} is closed: Faster now" in rob.get("/notices/").text
    assert "Faster now" in rob.get(FORM).text


@pytest.mark.rule("S:CORE-21")
@pytest.mark.parametrize("text", ["", "  \n ", "x" * 4_001])
def test_an_empty_report_is_refused_and_what_was_typed_stays(rob: FlaskClient, root: FlaskClient, text: str) -> None:
    answer = rob.post(FORM, data={"text": text, "page": "/somewhere", "kind": "wish"})

    assert answer.status_code == 422
    assert 'value="/somewhere"' in answer.text
    assert '<option value="wish" selected>' in answer.text
    assert root.get(REST).json["count"] == 0


def test_reports_are_private(world: Any, login: Login, rob: FlaskClient) -> None:
    rob.post(FORM, data={"text": "Slow"})

    assert "Slow" not in login("ann", world.one).get(FORM).text
    assert "Slow" not in login("rob", world.two).get(FORM).text
    assert rob.get("/feedback/faultreport/list/").status_code == 403
    assert login("root", world.two).get(REST).json["count"] == 0
