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
    resource = run_in(None, lambda: session.get_one(PermissionView, permission).view_menu.name)

    assert root.post("/roles/add", data={"title": "Auditor"}).status_code == 302
    key = roles()["Auditor"]
    change = {"stamp": root.get(f"/roles/edit/{key}").text.strip(), "resource": resource, "pair": str(permission)}
    assert root.post(f"/roles/edit/{key}", data={**change, "confirmed": "1"}).status_code == 302
    assert run_in(None, lambda: [one.id for one in session.get_one(Role, key).permissions]) == [permission]
    assert root.post(f"/roles/rename/{key}", data={"title": "Reviewer"}).status_code == 302
    assert {name: number for name, number in roles().items() if number == key} == {"Reviewer": key}
    assert root.post(f"/roles/delete/{key}").status_code == 302
    assert "Reviewer" not in roles()
    assert root.post(f"/roles/rename/{key}", data={"title": "Gone"}).status_code == 404


def test_a_taken_name_keeps_what_was_typed(root: FlaskClient, roles: Any) -> None:
    root.post("/groups/add", data={"name": "Night shift", "label": "N"})
    before = roles()

    answers = [
        root.post("/roles/add", data={"title": "clerk"}),
        root.post("/groups/add", data={"name": "Night shift", "label": "Another"}),
    ]

    assert [answer.status_code for answer in answers] == [422] * 2
    assert "clerk" in answers[0].text.rpartition("]")[0]
    assert 'value="Another"' in answers[1].text
    assert roles() == before


def test_a_role_is_copied_once_under_one_name(root: FlaskClient, roles: Any, run_in: Run) -> None:
    copied = {"title": "Clerks", "base": str(roles()["clerk"])}
    assert root.post("/roles/add", data=copied).status_code == 302
    after = roles()
    again = root.post("/roles/add", data=copied)

    assert (again.status_code, roles()) == (422, after)
    granted = [
        run_in(None, lambda key=key: {one.id for one in session.get_one(Role, key).permissions})
        for key in (after["clerk"], after["Clerks"])
    ]
    assert granted[0] == granted[1] != set()


def test_a_role_that_somebody_holds_stays(root: FlaskClient, roles: Any) -> None:
    before = roles()

    answer = root.post(f"/roles/delete/{before['clerk']}", follow_redirects=True)

    assert "Somebody holds this role" in answer.text
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
