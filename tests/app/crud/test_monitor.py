"""All documents by state: exact counts of what the reader may list, each tile the way to its records (P:COR-04)."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.app.crud.orders import VIEW, add, add_many

pytestmark = pytest.mark.by_turns

Login = Callable[..., FlaskClient]
PAGE, MOST_STATEMENTS = "/statistics/monitor/", 12


@pytest.fixture
def watching(world: Any, run_in: Any) -> Callable[..., None]:
    """Return a function that lets people of company one see the page, besides what they may do already."""
    from app.companies.memberships import add_membership
    from app.companies.models import Scope

    def admit(*names: str) -> None:
        def give() -> None:
            role = world.app.appbuilder.sm.find_role("statistics_management")
            for name in names:
                add_membership(world.one, user_id=world.users[name], role_id=role.id, scope=Scope.OWN)

        run_in(world.one, give)

    return admit


def tiles(client: FlaskClient, title: str = "Order") -> dict[str, tuple[str, int]]:
    """Return by state where its tile leads and what it counts."""
    page = client.get(PAGE)
    assert page.status_code == 200, page.text
    kind = next((part for part in page.text.split('<section class="monitor-kind"')[1:] if f">{title}</a>" in part), "")
    pattern = r'href="([^"]*_state=(\w+))".*?<span class="kpi-value">([\d,]+)</span>'
    return {state: (url, int(count)) for url, state, count in re.findall(pattern, kind, re.DOTALL)}


def decide(world: Any, run_in: Any, *roles: str) -> None:
    import datetime as dt

    from flask_appbuilder.security.sqla.models import User

    from app.database.session import session
    from app.parameters.platform_values import DASHBOARD_ROLES

    def write() -> None:
        actor = session.get_one(User, world.users["root"])
        DASHBOARD_ROLES.set(list(roles), valid_from=dt.date(2026, 1, 1), actor=actor)

    run_in(world.one, write)


@pytest.mark.rule("P:COR-04")
def test_three_drafts_and_two_sent_are_tiles_of_three_and_two(world: Any, login: Login, run_in: Any, watching: Any):
    from addons.market.models import OrderState

    add_many(run_in, world.one, range(3))
    add_many(run_in, world.one, range(3, 5), state=OrderState.SENT)
    add_many(run_in, world.two, range(9))
    watching("bea")
    bea = login("bea", world.one)

    found = tiles(bea)
    assert {state: count for state, (_url, count) in found.items()} == {
        "draft": 3, "sent": 2, "paid": 0, "cancelled": 0,
    }  # fmt: skip
    assert found["sent"][0] == f"{VIEW}/list/?_flt_0_state=sent"
    assert re.findall(r">(N-\d+)<", bea.get(found["sent"][0]).text) == ["N-0004", "N-0003"]


def test_each_reader_counts_what_his_own_list_shows(world: Any, login: Login, run_in: Any, watching: Any):
    add_many(run_in, world.one, range(3))
    add(login("oli", world.one), number="A-2")
    watching("oli", "rob")

    assert tiles(login("oli", world.one))["draft"][1] == 1
    assert tiles(login("rob", world.one)) == {}  # He may list no orders.
    assert login("bea", world.one).get(PAGE).status_code == 403


@pytest.mark.rule("P:COR-04")
def test_the_company_names_the_roles_that_monitor(world: Any, login: Login, run_in: Any, watching: Any):
    watching("bea", "oli")
    decide(world, run_in, "market_boss")

    assert login("bea", world.one).get(PAGE).status_code == 200
    refused = login("oli", world.one).get(PAGE)
    assert refused.status_code == 403
    assert "“Roles that monitor all documents” names other roles than yours: Orders boss." in refused.text


def test_the_page_stays_within_its_statements(
    world: Any, login: Login, run_in: Any, watching: Any, statements: Any
) -> None:
    add_many(run_in, world.one, range(3))
    watching("bea")
    bea = login("bea", world.one)
    bea.get(PAGE)

    found = statements(lambda: bea.get(PAGE))
    assert len(found) <= MOST_STATEMENTS
    assert len([one for one in found if "GROUP BY" in one]) == 1
