"""Regional administrators give roles in their own units only, and each unit should have one of them."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.world import FIRST_DAY

pytestmark = pytest.mark.by_turns

ADMIT, CHANGE, DISMISS, PAGE = (f"/companies/members/{name}" for name in ("admit", "change", "dismiss", ""))
REGIONAL = "companies_regional_administrator"
Run = Callable[..., Any]
Enter = Callable[..., FlaskClient]


@pytest.fixture
def regions(world: Any, run_in: Run) -> dict[str, int]:
    """South (with a shop below it) and North: rob and eve work in the South, ann in the North."""

    def build() -> dict[str, int]:
        from app.companies.memberships import add_membership
        from app.companies.models import Employee, OrgUnit, Position, Scope
        from app.companies.org import assign, create_unit
        from app.database.session import session

        root = session.scalars(sa.select(OrgUnit)).one()
        south = create_unit("华南", code="S", valid_from=FIRST_DAY, parent=root)
        shop = create_unit("深圳", code="S1", valid_from=FIRST_DAY, parent=south)
        north = create_unit("华北", code="N", valid_from=FIRST_DAY, parent=root)
        for name, unit in (("rob", south), ("eve", shop), ("ann", north)):
            employee = session.scalars(sa.select(Employee).where(Employee.user_id == world.users[name])).one()
            post = Position(title=name, org_unit_id=unit.id)
            session.add(post)
            session.flush()
            assign(employee, position=post, valid_from=FIRST_DAY)
        role = world.app.appbuilder.sm.find_role(REGIONAL).id
        add_membership(world.one, user_id=world.users["rob"], role_id=role, scope=Scope.UNIT)
        return {"south": south.id, "shop": shop.id, "north": north.id}

    return run_in(world.one, build)


def held(world: Any, run_in: Run, username: str) -> dict[str, tuple[int, str]]:
    """Return the roles that a user holds in company one, with the id and the scope of each membership."""

    def read() -> dict[str, tuple[int, str]]:
        from app.companies.memberships import memberships_of

        found = memberships_of(world.users[username], world.one)
        return {one.role.name: (one.id, one.scope.value) for one in found}

    return run_in(world.one, read)


@pytest.mark.rule("S:CORE-05")
def test_a_regional_administrator_admits_the_people_of_his_units(
    world: Any, regions: dict[str, int], login: Enter, run_in: Run
) -> None:
    rob, before = login("rob", world.one), held(world, run_in, "ann")
    role = {"role": "visits_manager", "scope": "own"}

    south = rob.post(ADMIT, data={"username": "eve", **role}, follow_redirects=True)
    north = rob.post(ADMIT, data={"username": "ann", **role, "scope": "unit"}, follow_redirects=True)

    assert "Saved." in south.text
    assert held(world, run_in, "eve")["visits_manager"][1] == "own"
    assert "Ann Test does not work in the units that you administer." in north.text
    assert held(world, run_in, "ann") == before


@pytest.mark.rule("S:CORE-05")
def test_he_reaches_neither_other_units_nor_other_administrators(
    world: Any, regions: dict[str, int], login: Enter, run_in: Run
) -> None:
    rob = login("rob", world.one)
    of_ann, before = held(world, run_in, "ann"), held(world, run_in, "eve")
    manager = str(of_ann["visits_manager"][0])

    page = rob.get(PAGE).text
    tries = {
        "wide": rob.post(ADMIT, data={"username": "eve", "role": "visits_manager", "scope": "company"}),
        "peer": rob.post(ADMIT, data={"username": "eve", "role": REGIONAL, "scope": "unit"}),
        "chief": rob.post(ADMIT, data={"username": "eve", "role": "companies_administrator", "scope": "own"}),
        "change": rob.post(CHANGE, data={"id": manager, "role": "visits_reader", "scope": "own"}),
        "dismiss": rob.post(DISMISS, data={"id": manager}),
    }

    assert ("Eve Test" in page, "Ann Test" in page) == (True, False)
    assert {answer.status_code for answer in tries.values()} == {302}
    assert held(world, run_in, "eve") == before
    assert held(world, run_in, "ann") == of_ann
    assert rob.post("/company-roles/add", data={"title": "Mine"}).status_code == 403


@pytest.mark.rule("S:CORE-05")
def test_nobody_changes_what_he_holds_himself_by_giving_it_again(
    world: Any, regions: dict[str, int], login: Enter, run_in: Run
) -> None:
    rob, root = login("rob", world.one), login("root", world.one)
    root.post(ADMIT, data={"username": "root", "role": "visits_manager", "scope": "own"})
    before = {name: held(world, run_in, name) for name in ("rob", "root")}
    (mine,) = before["rob"].keys() - {REGIONAL}
    (further,) = {"visits_reader", "visits_manager"} - {mine}

    said = [
        who.post(ADMIT, data={"username": name, "role": role, "scope": "team"}, follow_redirects=True).text
        for who, name, role in ((rob, "rob", mine), (rob, "rob", further), (root, "root", "visits_manager"))
    ]

    assert ["You cannot change your own role." in page for page in said] == [True, True, True]
    assert {name: held(world, run_in, name) for name in before} == before
    assert before["root"]["visits_manager"][1] == "own", "A new company has nobody else to give it."


@pytest.mark.rule("S:CORE-05")
def test_a_unit_of_another_region_is_not_given(world: Any, regions: dict[str, int], login: Enter, run_in: Run) -> None:
    rob = login("rob", world.one)
    rob.post(ADMIT, data={"username": "eve", "role": "visits_manager", "scope": "own"})
    key = held(world, run_in, "eve")["visits_manager"][0]
    sent = {"id": str(key), "role": "visits_manager", "scope": "unit"}

    refused = rob.post(CHANGE, data={**sent, f"unit_{regions['north']}": "1"}, follow_redirects=True)
    assert "only the units that you administer" in refused.text
    assert held(world, run_in, "eve")["visits_manager"] == (key, "own")

    rob.post(CHANGE, data={**sent, f"unit_{regions['shop']}": "1"})
    assert held(world, run_in, "eve")["visits_manager"] == (key, "unit")


@pytest.mark.rule("S:CORE-06")
def test_a_second_administrator_of_a_unit_is_warned_of(
    world: Any, regions: dict[str, int], login: Enter, run_in: Run
) -> None:
    root = login("root", world.one)
    warning = "There are more administrators than planned: 2 of 1."

    elsewhere = root.post(ADMIT, data={"username": "ann", "role": REGIONAL, "scope": "unit"}, follow_redirects=True)
    key = held(world, run_in, "ann")[REGIONAL][0]
    sent = {"id": str(key), "role": REGIONAL, "scope": "unit", f"unit_{regions['south']}": "1"}
    second = root.post(CHANGE, data=sent, follow_redirects=True)

    assert warning not in elsewhere.text
    assert warning in second.text
    assert held(world, run_in, "ann")[REGIONAL] == (key, "unit")
