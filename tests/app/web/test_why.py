"""Why somebody can or can't do something: the page answers as the gate does."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.world import FIRST_DAY

pytestmark = pytest.mark.by_turns

PAGE = "/companies/why/"


@pytest.fixture
def root(world: Any, login: Callable[..., FlaskClient]) -> FlaskClient:
    """The administrator of company one, with visits on."""
    client = login("root", world.one)
    client.post("/apps/visits", data={"on": "1"})
    return client


def ask(client: FlaskClient, user: str, verb: str, record: str = "") -> str:
    """Return the answer about visits."""
    asked = {"user": user, "resource": "visits.Visit", "verb": verb, "record": record}
    answer = client.get(PAGE, query_string=asked)
    assert answer.status_code == 200
    return answer.text


@pytest.mark.rule("S:CORE-04")
def test_the_answer_names_the_role_that_grants_or_would(root: FlaskClient) -> None:
    allowed, refused = ask(root, "ann", "edit"), ask(root, "eve", "edit")

    assert "Yes, this is allowed." in allowed
    assert "No, this is not allowed." in refused
    assert "None does. These roles do:" in refused


@pytest.mark.rule("S:CORE-08")
def test_the_answer_about_a_record_follows_the_scope(world: Any, root: FlaskClient, run_in: Callable[..., Any]) -> None:
    from app.companies.models import Employee
    from app.database.session import session
    from app.security.records import model_of

    def write() -> list[int]:
        visit: Any = model_of("visits.Visit")
        owners = [session.query(Employee).filter_by(user_id=world.users[name]).one().id for name in ("ann", "rob")]
        rows = [visit(customer=f"Visitor {owner}", visited_on=FIRST_DAY, minutes=5, owner_id=owner) for owner in owners]
        session.add_all(rows)
        session.flush()
        return [row.id for row in rows]

    of_ann, of_rob = run_in(world.one, write)

    assert "No, this is not allowed." in ask(root, "rob", "list", str(of_ann))
    assert "Yes, this is allowed." in ask(root, "rob", "list", str(of_rob))
    assert "Yes, this is allowed." in ask(root, "ann", "list", str(of_rob))
    assert "No, this is not allowed." in ask(root, "ann", "list", "999999")


def test_strangers_and_odd_questions_are_answered_calmly(
    root: FlaskClient, login: Callable[..., FlaskClient], world: Any
) -> None:
    assert "Nobody of this name works in this company." in ask(root, "nobody", "list")
    for record in ("x", "９", "9" * 30, "-1"):
        assert ask(root, "ann", "nonsense", record)
    assert root.get(PAGE, query_string={"user": "ann", "resource": "no.Such"}).status_code == 200
    assert login("ann", world.one).get(PAGE).status_code == 403
