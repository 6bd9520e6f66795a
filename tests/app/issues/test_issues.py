"""Major issues reach the leader in time, or it is said by how much they did not (P:COR-06)."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

pytestmark = pytest.mark.by_turns

Login = Callable[..., FlaskClient]
REST = "/api/v1/issues/issue/"
OPENED = dt.datetime(2026, 3, 2, 1, tzinfo=dt.UTC)  # 09:00 in Shanghai.
HOUR = dt.timedelta(hours=1)
FORM = {"title": "Crane broken", "is_major": True, "opened_at": "2026-03-02T09:00"}


@pytest.fixture
def rob(world: Any, run_in: Any, login: Login) -> FlaskClient:
    """Rob handles issues; Ann is his superior."""
    from app.companies.memberships import add_membership
    from app.companies.models import Employee, OrgUnitKind, Position, Scope
    from app.companies.org import assign, create_unit
    from app.database.session import session

    def give() -> None:
        role = world.app.appbuilder.sm.find_role("issues_manager")
        add_membership(world.one, user_id=world.users["rob"], role_id=role.id, scope=Scope.TEAM)
        day = dt.date(2026, 1, 1)
        unit = create_unit("Sales", code="S", kind=OrgUnitKind.DEPARTMENT, parent=None, valid_from=day)
        post = Position(title="Manager", org_unit_id=unit.id)
        session.add(post)
        session.flush()
        rob, ann = (
            session.scalars(sa.select(Employee).filter_by(number=number)).one() for number in ("E-rob", "E-ann")
        )
        assign(rob, position=post, superior=ann, valid_from=day)

    run_in(world.one, give)
    return login("rob", world.one)


def issue_of(client: FlaskClient, key: int = 1) -> dict[str, Any]:
    answer = client.get(f"{REST}{key}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json["result"]
    return found


def told(world: Any, run_in: Any) -> list[tuple[int, str]]:
    """Return who was told of what kind of thing."""
    from app.database.session import session
    from app.notices import Notice

    statement = sa.select(Notice).order_by(Notice.id)
    return run_in(world.one, lambda: [(one.user_id, one.kind) for one in session.scalars(statement)])


def in_company(world: Any, run_in: Any, call: Callable[[Any, Any], Any]) -> Any:
    """Call with the issue and Rob."""
    from flask_appbuilder.security.sqla.models import User

    from app.database.session import session
    from app.issues.models import Issue

    return run_in(world.one, lambda: call(session.get_one(Issue, 1), session.get_one(User, world.users["rob"])))


@pytest.mark.rule("P:COR-06")
def test_escalated_after_twenty_five_hours_it_is_one_hour_late(world: Any, rob: FlaskClient, run_in: Any) -> None:
    from app.web.rooms.issues import escalate

    assert rob.post(REST, json=FORM).status_code == 201
    assert issue_of(rob)["due_at"] == "2026-03-03T01:00:00+00:00"
    in_company(world, run_in, lambda issue, actor: escalate(issue, actor=actor, now=OPENED + 25 * HOUR))

    found = issue_of(rob)
    assert (found["state"], found["late"], found["escalated_to"]["title"]) == ("escalated", "1 h", "Ann")
    assert told(world, run_in) == [(world.users["ann"], "issues.escalated")]


def test_in_time_is_not_late_and_a_minor_issue_is_never(world: Any, rob: FlaskClient, run_in: Any) -> None:
    from app.web.rooms.issues import escalate

    rob.post(REST, json=FORM)
    in_company(world, run_in, lambda issue, actor: escalate(issue, actor=actor, now=OPENED + 24 * HOUR))
    assert issue_of(rob)["late"] == ""
    assert rob.post(REST, json={**FORM, "is_major": False}).status_code == 201
    assert rob.post(f"{REST}2/escalate", json={}).status_code == 200
    assert (issue_of(rob, 2)["due_at"], issue_of(rob, 2)["late"]) == (None, "")


@pytest.mark.rule("P:COR-06")
def test_a_major_issue_that_reached_nobody_is_not_closed(rob: FlaskClient) -> None:
    rob.post(REST, json=FORM)

    refused = rob.post(f"{REST}1/close", json={"resolution": "Repaired"})
    assert refused.status_code == 409
    assert "A major issue has to be brought before the leader first." in refused.text
    assert "A major issue has to be brought before the leader first." in rob.get("/issues/issue/show/1").text
    assert (issue_of(rob)["state"], issue_of(rob)["closed_at"]) == ("open", None)
    assert rob.post(f"{REST}1/escalate", json={}).status_code == 200
    assert rob.post(f"{REST}1/close", json={"resolution": " "}).status_code == 422
    assert rob.post(f"{REST}1/close", json={"resolution": "Repaired"}).status_code == 200
    assert (issue_of(rob)["state"], issue_of(rob)["resolution"]) == ("closed", "Repaired")
    assert rob.post(REST, json={**FORM, "is_major": False}).status_code == 201
    assert rob.post(f"{REST}2/close", json={"resolution": "Nothing"}).status_code == 200


@pytest.mark.rule("P:COR-06")
def test_who_has_to_act_is_reminded_twice_and_no_more(world: Any, rob: FlaskClient, run_in: Any) -> None:
    from app.issues.handling import remind_of_issues

    rob.post(REST, json=FORM)
    rob.post(REST, json={**FORM, "is_major": False})
    both = [(world.users[name], "issues.reminder") for name in ("ann", "rob")]

    def remind(hours: float) -> list[tuple[int, str]]:
        run_in(world.one, lambda: remind_of_issues(OPENED + hours * HOUR))
        return told(world, run_in)

    assert remind(17.9) == []
    assert remind(18) == both
    assert remind(23) == both
    assert remind(24) == both * 2
    assert remind(48) == both * 2
    rob.post(f"{REST}1/escalate", json={})
    assert remind(72) == [*both * 2, (world.users["ann"], "issues.escalated")]


def test_it_waits_on_the_list_of_who_may_act(world: Any, rob: FlaskClient, login: Login) -> None:
    rob.post(REST, json=FORM)

    assert "Crane broken" in rob.get("/todo/").text
    assert "Crane broken" not in login("ann", world.one).get("/todo/").text
    assert login("root", world.two).get(REST).json["count"] == 0


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"text": "x" * 4_001}, "text"),
        ({"opened_at": "2999-01-01T00:00"}, "opened_at"),
    ],
)
def test_what_cannot_be_an_issue_is_named(rob: FlaskClient, values: dict[str, str], field: str) -> None:
    refused = rob.post(REST, json={**FORM, **values})

    assert refused.status_code == 422
    assert field in refused.text
    assert rob.get(REST).json["count"] == 0


def test_whoever_has_no_superior_names_the_leader(world: Any, rob: FlaskClient, login: Login, run_in: Any) -> None:
    root = login("root", world.one)
    root.post(REST, json=FORM)

    refused = root.post(f"{REST}1/escalate", json={})
    assert refused.status_code == 422
    assert "You have no superior here: name the leader." in refused.text
    from app.companies.models import Employee
    from app.database.session import session

    keys = run_in(world.one, lambda: {one.number: one.id for one in session.scalars(sa.select(Employee))})
    assert root.post(f"{REST}1/escalate", json={"to": keys["E-root"]}).status_code == 422
    assert issue_of(root)["state"] == "open"
    assert root.post(f"{REST}1/escalate", json={"to": keys["E-ann"]}).status_code == 200


def test_weight_follows_the_issue_while_it_is_open(rob: FlaskClient) -> None:
    rob.post(REST, json={**FORM, "is_major": False})
    assert issue_of(rob)["due_at"] is None

    page = {"title": "Crane broken", "is_major": "y", "text": "", "version": "1"}
    assert rob.post("/issues/issue/edit/1", data=page).status_code == 302
    assert issue_of(rob)["due_at"] == "2026-03-03T01:00:00+00:00"
    rob.post(f"{REST}1/escalate", json={})
    version = re.search(r'name="version"[^>]*value="(\d+)"', rob.get("/issues/issue/edit/1").text)
    assert version
    refused = rob.post("/issues/issue/edit/1", data={"title": "Minor", "text": "", "version": version[1]})
    assert refused.status_code == 422
    assert "It has been brought before a leader already." in refused.text
    assert issue_of(rob)["title"] == "Crane broken"
