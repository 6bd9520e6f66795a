"""The list of users and roles: found by what people call each other, filtered, sorted, in pages, and as a file."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.app.web.people_world import MEMBERS, exported, shown
from tests.world import FIRST_DAY

pytestmark = pytest.mark.by_turns

Login = Callable[..., FlaskClient]
Run = Callable[..., Any]


@pytest.fixture
def root(world: Any, login: Login) -> FlaskClient:
    """The administrator of company one."""
    client = login("root", world.one)
    client.get("/lang/en")
    return client


@pytest.fixture
def staff(world: Any, run_in: Run) -> dict[str, int]:
    """A sales unit with a team below it; 张帅 in the team, and 李娜, who has left."""

    def build() -> dict[str, int]:
        from flask_appbuilder.security.sqla.models import User

        from app.companies.memberships import add_membership
        from app.companies.models import Employee, OrgUnit, Position, Scope
        from app.companies.org import assign, create_unit
        from app.database.session import session

        top = session.scalars(sa.select(OrgUnit)).one()
        sales = create_unit("Sales", code="S", valid_from=FIRST_DAY, parent=top)
        team = create_unit("Team 1", code="S1", valid_from=FIRST_DAY, parent=sales)
        role = world.app.appbuilder.sm.find_role("visits_reader").id
        for username, name, left in (("zs", "张帅", None), ("ln", "李娜", dt.date(2026, 1, 31))):
            user = User(username=username, first_name=name, last_name="", email=f"{username}@example.test", active=True)
            session.add(user)
            session.flush()
            number = f"N-{username}"
            employee = Employee(user_id=user.id, number=number, name=name, hired_on=FIRST_DAY, left_on=left)
            post = Position(title="Seller", org_unit_id=team.id)
            session.add_all([employee, post])
            session.flush()
            if left is None:
                assign(employee, position=post, valid_from=FIRST_DAY)
                add_membership(world.one, user_id=user.id, role_id=role, scope=Scope.TEAM)
        return {"sales": sales.id, "team": team.id, "top": top.id}

    return run_in(world.one, build)


@pytest.mark.parametrize("typed", ["张帅", "zhangs", "zs", "N-zs", "ZS@example", "zhang shuai"])
def test_a_person_is_found_by_name_user_name_number_and_pinyin(root: FlaskClient, staff: Any, typed: str) -> None:
    assert shown(root, f"?q={typed}") == ["zs"]


def test_somebody_without_an_employees_file_is_found_by_pinyin_too(
    root: FlaskClient, world: Any, staff: Any, run_in: Run
) -> None:
    def hire() -> None:
        from flask_appbuilder.security.sqla.models import User

        from app.companies.memberships import add_membership
        from app.database.session import session

        user = User(username="u7", first_name="王芳", last_name="", email="u7@example.test", active=True)
        session.add(user)
        session.flush()
        role = world.app.appbuilder.sm.find_role("visits_reader").id
        add_membership(world.one, user_id=user.id, role_id=role)

    run_in(world.one, hire)

    assert shown(root, "?q=wangf") == ["u7"]
    assert shown(root, "?q=wf") == ["u7"]


def test_people_are_filtered_by_role_unit_and_state(root: FlaskClient, staff: dict[str, int]) -> None:
    assert shown(root, "?role=visits_manager") == ["ann"]
    assert shown(root, f"?unit={staff['sales']}") == ["zs"]
    assert shown(root, "?state=left") == ["ln"]
    assert shown(root, "?state=here&order=username") == ["ann", "eve", "rob", "root", "zs"]
    assert shown(root, "?state=new&order=username") == ["ann", "eve", "rob", "zs"]  # Root has just logged in.
    assert shown(root, "?state=new&role=visits_reader&order=username") == ["rob", "zs"]
    assert shown(root, "?state=invited") == []


def test_people_are_sorted_and_paged(root: FlaskClient, staff: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("app.web.members_list.PAGE_SIZES", (2, 4))

    pages = [shown(root, f"?order=username&page={number}") for number in range(3)]

    assert pages == [["ann", "eve"], ["ln", "rob"], ["root", "zs"]]
    assert shown(root, "?order=username&page=99") == ["root", "zs"]
    assert shown(root, "?order=username&desc=1&size=4") == ["zs", "root", "rob", "ln"]
    assert "1–2 / <b>6</b>" in root.get(MEMBERS).text


def test_the_file_has_what_was_asked_for_on_all_pages(root: FlaskClient, staff: Any) -> None:
    rows = exported(root, "?q=zs")

    assert rows == [["张帅", "zs", "N-zs", "zs@example.test", "Team 1", "Visits reader (Team)", "Never logged in", ""]]
    assert [row[1] for row in exported(root, "?order=username")] == ["ann", "eve", "ln", "rob", "root", "zs"]


def test_users_of_another_company_are_not_shown(root: FlaskClient, world: Any, login: Login, staff: Any) -> None:
    abroad = login("root", world.two)

    assert "zs" not in shown(abroad)
    assert [row[1] for row in exported(abroad, "?q=zs")] == []


def test_the_list_takes_twelve_statements(root: FlaskClient, world: Any, staff: dict[str, int]) -> None:
    from app.database.session import db

    found: list[str] = []

    def note(*call: Any) -> None:
        found.append(call[2])

    root.get(MEMBERS)
    with world.app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    root.get(f"{MEMBERS}?q=z&unit={staff['sales']}&role=visits_reader&state=here")
    sa.event.remove(engine, "before_cursor_execute", note)

    # Each request asks besides who and where the reader is, and for his bell; that is not the list's.
    own = [one for one in found if not one.startswith(("BEGIN", "SELECT set_config"))]
    assert len(own) <= 12, "\n\n".join(own)
