"""The home page: figures of the reader's rights and scope, chosen per role, in his own order; and where he can go."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.world import FIRST_DAY

pytestmark = pytest.mark.by_turns

ORDER, CHOOSE = "/home/figures/move", "/companies/homecards/choose"
Run = Callable[..., Any]
Enter = Callable[..., FlaskClient]
# Label and value of each figure.
KPI = re.compile(r'<span class="kpi-label">.*?</svg>(.*?)</span><span class="kpi-value">(.*?)</span>', re.DOTALL)


@pytest.fixture
def figures(world: Any) -> Iterator[None]:
    """Three figures: visits planned and done, and employees."""
    from addons.visits.models import Visit, VisitState
    from app.companies.models import Employee
    from app.crud.home_card import Figure, HomeCard
    from app.database.session import session
    from app.security.scope import visible

    def count(model: Any, actor: Any, *conditions: Any) -> Figure:
        within = visible(model, actor)
        statement = sa.select(sa.func.count(model.id)).where(*conditions)
        return Figure(session.scalar(statement if within is None else statement.where(within)) or 0)

    def visits(state: VisitState) -> Callable[[Any, dt.date], Figure]:
        return lambda actor, _today: count(Visit, actor, Visit.state == state)

    planned = {"_flt_0_state": "planned"}
    added = [
        HomeCard("visits.planned", "Planned visits", "users", "visits.Visit", visits(VisitState.PLANNED), planned),
        HomeCard("visits.done", "Done visits", "check", "visits.Visit", visits(VisitState.DONE)),
        HomeCard("companies.staff", "Staff", "users", "companies.Employee", lambda actor, _day: count(Employee, actor)),
    ]
    known = world.app.extensions["home_cards"]
    known += added
    yield
    del known[-len(added) :]


def shown(client: FlaskClient) -> list[tuple[str, str]]:
    """Return the figures of the home page."""
    answer = client.get("/")
    assert answer.status_code == 200
    return KPI.findall(answer.text)


def plan_visits(world: Any, run_in: Run, count: int, owner: str | None = None) -> None:
    """Plan visits in company one."""
    from addons.visits.models import Visit
    from app.companies.models import Employee
    from app.database.session import session

    def make() -> None:
        named = sa.select(Employee.id).where(Employee.user_id == world.users[owner]) if owner else None
        owner_id = session.scalar(named) if named is not None else None
        session.add_all(
            Visit(
                customer=f"{owner}{day}", visited_on=FIRST_DAY + dt.timedelta(days=day), minutes=30, owner_id=owner_id
            )
            for day in range(count)
        )

    run_in(world.one, make)


def choose(root: FlaskClient, role: str, *cards: str) -> Any:
    """Let a role show these figures."""
    return root.post(CHOOSE, data={"role": role, **{f"card:{card}": "1" for card in cards}})


@pytest.mark.rule("S:CORE-19")
def test_twelve_open_ones_make_a_card_of_twelve(world: Any, login: Enter, run_in: Run, figures: None) -> None:
    plan_visits(world, run_in, 12)
    ann = login("ann", world.one)

    assert shown(ann) == [("Planned visits", "12"), ("Done visits", "0")]
    assert 'href="/visits/visit/list/?_flt_0_state=planned"' in ann.get("/").text
    assert ann.get("/api/v1/visits/visit/").json["count"] == 12


@pytest.mark.rule("S:CORE-19")
def test_a_card_counts_what_the_scope_reaches(world: Any, login: Enter, run_in: Run, figures: None) -> None:
    plan_visits(world, run_in, 5, owner="ann")
    plan_visits(world, run_in, 3, owner="rob")

    assert shown(login("ann", world.one))[0] == ("Planned visits", "8")
    assert shown(login("rob", world.one))[0] == ("Planned visits", "3")  # He sees his own.
    assert shown(login("ann", world.two))[0] == ("Planned visits", "0")


@pytest.mark.rule("S:CORE-19")
def test_a_card_is_hidden_without_the_right(world: Any, login: Enter, figures: None) -> None:
    assert shown(login("eve", world.one)) == []
    assert [label for label, _value in shown(login("ann", world.one))] == ["Planned visits", "Done visits"]
    assert [label for label, _value in shown(login("root", world.one))] == ["Planned visits", "Done visits", "Staff"]


@pytest.mark.rule("S:CORE-19")
def test_a_role_shows_the_figures_chosen_for_it(world: Any, login: Enter, figures: None) -> None:
    root, ann, rob = (login(name, world.one) for name in ("root", "ann", "rob"))
    page = root.get("/companies/homecards/?role=visits_manager").text
    assert "Planned visits" in page
    assert "Staff" not in re.findall(r'<label class="check">.*?</label>', page)  # It has no right to them.

    assert choose(root, "visits_manager", "visits.done", "companies.staff").status_code == 302

    assert shown(ann) == [("Done visits", "0")]
    assert len(shown(rob)) == 2  # His role is another one.
    assert [label for label, _value in shown(login("ann", world.two))] == ["Planned visits", "Done visits"]
    choose(root, "visits_manager", "visits.done", "visits.planned")
    assert len(shown(ann)) == 2


@pytest.mark.rule("S:CORE-19")
def test_a_card_shows_where_one_of_the_roles_shows_it(world: Any, login: Enter, run_in: Run, figures: None) -> None:
    from app.companies.memberships import add_membership
    from app.companies.models import Scope

    def give() -> None:
        role_id = world.app.appbuilder.sm.find_role("visits_reader").id
        add_membership(world.one, user_id=world.users["ann"], role_id=role_id, scope=Scope.OWN)

    run_in(world.one, give)
    root, ann = login("root", world.one), login("ann", world.one)

    choose(root, "visits_manager")
    assert len(shown(ann)) == 2
    choose(root, "visits_reader", "visits.done")

    assert [label for label, _value in shown(ann)] == ["Done visits"]


@pytest.mark.rule("S:CORE-19")
def test_the_company_may_show_all(world: Any, login: Enter, run_in: Run, figures: None) -> None:
    from flask_appbuilder.security.sqla.models import User

    from app.database.session import session
    from app.parameters.platform_values import WIDGETS

    root, ann = login("root", world.one), login("ann", world.one)
    choose(root, "visits_manager")
    assert shown(ann) == []

    run_in(
        world.one, lambda: WIDGETS.set("all", valid_from=FIRST_DAY, actor=session.get_one(User, world.users["root"]))
    )

    assert len(shown(ann)) == 2
    assert shown(login("eve", world.one)) == []  # What needs a right stays hidden all the same.


@pytest.mark.rule("S:CORE-19")
def test_each_user_keeps_his_own_order(world: Any, login: Enter, figures: None) -> None:
    ann, rob = login("ann", world.one), login("rob", world.one)

    moved = ann.post(ORDER, data={"card": "visits.done", "way": "up"})

    assert moved.location == "/home/figures?moved=visits.done"
    assert [label for label, _value in shown(ann)] == ["Done visits", "Planned visits"]
    assert [label for label, _value in shown(login("ann", world.one))] == ["Done visits", "Planned visits"]
    assert [label for label, _value in shown(rob)] == ["Planned visits", "Done visits"]
    ann.post(ORDER, data={"card": "visits.done", "way": "up"})  # It is the first already.
    ann.post(ORDER, data={"card": "visits.done", "way": "down"})
    assert [label for label, _value in shown(ann)] == ["Planned visits", "Done visits"]
    assert ann.get("/home/figures").text.count('name="way"') == 4


def test_no_other_figure_is_moved_and_no_other_role_is_chosen(world: Any, login: Enter, figures: None) -> None:
    ann, root = login("ann", world.one), login("root", world.one)

    assert ann.post(ORDER, data={"card": "companies.staff", "way": "up"}).status_code == 404
    assert ann.post(CHOOSE, data={"role": "visits_manager"}).status_code == 403
    assert "Choose a role." in root.post(CHOOSE, data={"role": "Admin"}, follow_redirects=True).text

    assert len(shown(ann)) == 2
    assert len(shown(root)) == 3


@pytest.mark.rule("S:CORE-19")
def test_the_navigation_leads_everywhere(world: Any, login: Enter) -> None:
    ann = login("ann", world.one)
    page = ann.get("/").text
    sidebar = page[page.index('<aside class="sidebar"') : page.index("</aside>")]

    for address in ("/", "/todo/", "/visits/visit/list/"):
        assert f'href="{address}"' in sidebar
    for address in ("/users/userinfo/", "/account/password"):
        assert f'href="{address}"' in page
        assert ann.get(address, follow_redirects=True).status_code == 200
    assert 'method="post" action="/logout/"' in page
    assert "/companies/members/" not in sidebar  # She has no right to it.
