"""FAB's screens of users, roles and groups are saved by the edge: whole, or not at all."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from flask_appbuilder.security.sqla.models import Group, PermissionView, Role, User

from app.database.session import session
from app.security.interface import ReadInterface

Enter = Callable[..., FlaskClient]
Run = Callable[..., Any]


@pytest.fixture
def root(login: Enter) -> FlaskClient:
    """The platform's administrator."""
    return login("root")


@pytest.fixture
def roles(run_in: Run) -> Callable[[], dict[str, int]]:
    """Return a function that tells the ids of all roles by name."""
    return lambda: run_in(None, lambda: {role.name: role.id for role in session.scalars(sa.select(Role))})


def test_no_screen_holds_what_could_commit(world: SimpleNamespace) -> None:
    held = {type(view).__name__: getattr(view, "datamodel", None) for view in world.app.appbuilder.baseviews}
    committing = [name for name, door in held.items() if door is not None and not isinstance(door, ReadInterface)]
    assert not committing, f"{committing}: give them ReadInterface as datamodel, and write through services"


def test_a_role_is_made_changed_and_deleted(root: FlaskClient, roles: Any, run_in: Run) -> None:
    permission = run_in(None, lambda: session.scalars(sa.select(PermissionView.id).order_by(PermissionView.id)).first())

    made = root.post("/roles/add", data={"name": "Auditor", "permissions": [str(permission)]})
    assert (made.status_code, "Auditor" in roles()) == (302, True)
    key = roles()["Auditor"]
    assert root.post(f"/roles/edit/{key}", data={"name": "Reviewer"}).status_code == 302
    assert {name: number for name, number in roles().items() if number == key} == {"Reviewer": key}
    assert root.get(f"/roles/edit/{key}").status_code == 200
    assert root.post(f"/roles/delete/{key}").status_code == 302
    assert "Reviewer" not in roles()
    assert root.post(f"/roles/edit/{key}", data={"name": "Gone"}).status_code == 404


def test_a_taken_name_keeps_what_was_typed(root: FlaskClient, roles: Any) -> None:
    root.post("/groups/add", data={"name": "Night shift", "label": "N"})
    before = roles()

    answers = [
        root.post("/roles/add", data={"name": "clerk"}),
        root.post(f"/roles/edit/{before['nobody']}", data={"name": "clerk"}),
        root.post("/groups/add", data={"name": "Night shift", "label": "Another"}),
    ]

    assert [answer.status_code for answer in answers] == [422] * 3
    assert 'value="Another"' in answers[2].text
    assert roles() == before


def test_a_fault_that_only_the_database_sees_undoes_the_whole_request(
    root: FlaskClient, roles: Any, run_in: Run
) -> None:
    before = roles()
    copied = {"action": "copyrole", "rowid": [str(before["nobody"])]}
    assert root.post("/roles/action_post", data=copied).status_code == 302
    assert set(roles()) - set(before) == {"nobody copy"}
    after = roles()

    again = root.post("/roles/action_post", data={**copied, "rowid": [str(before["clerk"]), str(before["nobody"])]})

    assert again.status_code == 302
    assert roles() == after  # Not even the first of the two.
    assert "already taken" in root.get("/roles/list/").text


def test_a_role_that_somebody_holds_stays(root: FlaskClient, roles: Any) -> None:
    before = roles()

    answer = root.post(f"/roles/delete/{before['clerk']}", follow_redirects=True)

    assert "Other records point at this one" in answer.text
    assert roles() == before


def test_a_user_and_a_group_are_changed(root: FlaskClient, world: SimpleNamespace, run_in: Run, roles: Any) -> None:
    key = world.users["eve"]
    form = {"first_name": "Eva", "last_name": "Li", "username": "eve", "email": "e@x.test", "active": "y"}

    refused = root.post(f"/users/edit/{key}", data={**form, "roles": [str(roles()["nobody"])], "username": "ANN"})
    changed = root.post(f"/users/edit/{key}", data={**form, "roles": [str(roles()["nobody"])]})
    grouped = root.post("/groups/add", data={"name": "Night shift", "users": [str(key)]})

    assert [answer.status_code for answer in (refused, changed, grouped)] == [422, 302, 302]
    assert run_in(None, lambda: _names(session.get_one(User, key))) == ("eve", "Eva", ["nobody"])
    assert run_in(None, lambda: [one.username for one in session.scalars(sa.select(Group)).one().users]) == ["eve"]


def _names(user: User) -> tuple[str, str, list[str]]:
    return user.username, user.first_name, [role.name for role in user.roles]
