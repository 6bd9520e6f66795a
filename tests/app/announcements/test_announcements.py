"""Announcements reach whom they are addressed to, and tell who has read them (S:CORE-12)."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.world import FIRST_DAY

pytestmark = pytest.mark.by_turns

Login = Callable[..., FlaskClient]
LIST, BOARD = "/announcements/announcement", "/board/"


@pytest.fixture
def units(world: Any, run_in: Any) -> dict[str, int]:
    """Sales with a team below it, and stores: ann sells, rob is in the team, eve keeps the store."""
    from app.companies.models import Employee, OrgUnit, OrgUnitKind, Position
    from app.companies.org import assign, create_unit
    from app.database.session import session

    def build() -> dict[str, int]:
        top = session.scalars(sa.select(OrgUnit)).one()
        sales = create_unit("销售部", code="S", kind=OrgUnitKind.DEPARTMENT, parent=top, valid_from=FIRST_DAY)
        team = create_unit("一组", code="S1", kind=OrgUnitKind.TEAM, parent=sales, valid_from=FIRST_DAY)
        store = create_unit("仓库", code="W", kind=OrgUnitKind.DEPARTMENT, parent=top, valid_from=FIRST_DAY)
        for name, unit in (("Ann", sales), ("Rob", team), ("Eve", store)):
            position = Position(org_unit_id=unit.id, title=name)
            session.add(position)
            session.flush()
            employee = session.scalars(sa.select(Employee).where(Employee.name == name)).one()
            assign(employee, position=position, superior=None, valid_from=FIRST_DAY)
        return {"sales": sales.id, "team": team.id, "store": store.id}

    return run_in(world.one, build)


@pytest.fixture
def publish(world: Any, login: Login) -> Callable[..., int]:
    """Return a function that publishes through REST, and returns the id."""
    root = login("root", world.one)

    def post(*unit_ids: int, **values: Any) -> int:
        body = {"title": "周五盘点", "body": "请准时 <b>", "publish_on": "2026-01-01", **values}
        answer = root.post(
            "/api/v1/announcements/announcement/", json={**body, "units": [{"org_unit_id": key} for key in unit_ids]}
        )
        assert answer.status_code == 201, answer.text
        return answer.json["id"]

    return post


def readers(world: Any, login: Login, title: str = "周五盘点") -> set[str]:
    """Return who sees the title on the home page."""
    return {name for name in ("ann", "rob", "eve", "root") if title in login(name, world.one).get("/").text}


@pytest.mark.rule("S:CORE-12")
def test_a_departments_announcement_reaches_the_department_and_nobody_else(
    world: Any, login: Login, units: dict[str, int], publish: Any
) -> None:
    key = publish(units["sales"])

    assert readers(world, login) == {"ann", "rob"}
    assert login("eve", world.one).get(f"{BOARD}{key}").status_code == 404
    assert login("ann", world.two).get(f"{BOARD}{key}").status_code == 404
    assert "周五盘点" not in login("eve", world.one).get(BOARD).text


@pytest.mark.rule("S:CORE-12")
def test_without_units_it_reaches_everybody_between_its_days(
    world: Any, login: Login, units: Any, publish: Any
) -> None:
    today = dt.datetime.now(dt.UTC).date()
    publish()
    publish(title="Tomorrow's", publish_on=str(today + dt.timedelta(days=2)))
    publish(title="Yesterday's", expires_on=str(today - dt.timedelta(days=2)))

    assert readers(world, login) == {"ann", "rob", "eve", "root"}
    assert readers(world, login, "Tomorrow") == readers(world, login, "Yesterday") == set()


@pytest.mark.rule("S:CORE-12", "P:COR-03")
def test_who_has_read_it_is_shown_unless_the_company_does_not_want_it(
    world: Any, login: Login, run_in: Any, units: dict[str, int], publish: Any
) -> None:
    from flask_appbuilder.security.sqla.models import User

    from app.database.session import session
    from app.parameters.platform_values import READ_RECEIPT

    key, ann, root = publish(units["sales"]), login("ann", world.one), login("root", world.one)
    assert "Ann Test" not in root.get(f"{LIST}/show/{key}").text

    page = ann.get(f"{BOARD}{key}").text
    ann.get(f"{BOARD}{key}")

    assert "请准时 &lt;b&gt;" in page
    assert "周五盘点" not in ann.get("/").text
    assert "周五盘点" in ann.get(BOARD).text
    shown = root.get(f"{LIST}/show/{key}").text
    assert "Ann Test" in shown
    assert "Rob Test" not in shown
    run_in(
        world.one,
        lambda: READ_RECEIPT.set(
            False, valid_from=dt.date(2026, 1, 1), actor=session.get_one(User, world.users["root"])
        ),
    )
    assert "Ann Test" not in root.get(f"{LIST}/show/{key}").text


@pytest.mark.rule("S:CORE-12")
@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "  "}, "title"),
        ({"publish_on": ""}, "publish_on"),
        ({"publish_on": "2026-02-30"}, "publish_on"),
        ({"expires_on": "2025-12-31"}, "expires_on"),
    ],
)
def test_nonsense_is_refused_on_its_field(world: Any, login: Login, values: dict[str, str], field: str) -> None:
    root = login("root", world.one)
    body = {"title": "周五盘点", "publish_on": "2026-01-01", **values}

    answer = root.post("/api/v1/announcements/announcement/", json=body)

    assert (answer.status_code, answer.json["field"]) == (422, field), answer.text
    assert root.get("/api/v1/announcements/announcement/").json["count"] == 0


def test_only_the_administrator_writes(world: Any, login: Login) -> None:
    ann = login("ann", world.one)
    assert ann.get(f"{LIST}/list/").status_code == 403
    assert ann.post(f"{LIST}/add", data={"title": "x", "publish_on": "2026-01-01"}).status_code == 403
