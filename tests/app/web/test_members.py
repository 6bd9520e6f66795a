"""Who gave and took power leaves a trace, and nobody tries out the user names of other companies."""

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

pytestmark = pytest.mark.by_turns

PAGE = "/companies/members/"
SCOPE = {"role": "visits_reader", "scope": "own"}


@pytest.fixture
def eve(world: Any, login: Callable[..., FlaskClient], run_in: Callable[..., Any]) -> FlaskClient:
    """The administrator of company one; zed works in no company that she knows."""
    from app.companies.memberships import add_membership
    from app.companies.models import Scope
    from app.database.session import session

    manager = world.app.appbuilder.sm

    def give() -> None:
        role = manager.find_role("companies_administrator")
        add_membership(world.one, user_id=world.users["eve"], role_id=role.id, scope=Scope.COMPANY)
        names = {"first_name": "Zed", "last_name": "Test", "email": "zed@example.test"}
        session.add(manager.user_model(username="zed", active=True, **names))

    run_in(None, give)
    return login("eve", world.one)


def address(client: FlaskClient, action: str) -> str:
    """Return where the page of members sends an action."""
    from flask import url_for

    with client.application.test_request_context():
        return url_for("companies_MembersPage.act", name=action)


def events(run_in: Callable[..., Any], kind: str) -> list[tuple[int | None, int | None, dict[str, Any]]]:
    """Return by whom, in which company and with which details something happened."""
    from app.audit import SecurityEvent
    from app.database.session import session

    def read() -> list[Any]:
        found = session.scalars(sa.select(SecurityEvent).where(SecurityEvent.kind == kind).order_by(SecurityEvent.id))
        return [(one.user_id, one.company_id, one.details) for one in found]

    return run_in(None, read)


def memberships(run_in: Callable[..., Any], username: str) -> list[tuple[int, int]]:
    """Return the id and company of what a user holds."""
    from flask_appbuilder.security.sqla.models import User

    from app.companies.models import Membership
    from app.database.session import session

    statement = (
        sa.select(Membership.id, Membership.company_id)
        .join(User, User.id == Membership.user_id)
        .where(User.username == username)
        .order_by(Membership.id)
    )
    return run_in(None, lambda: [tuple(row) for row in session.execute(statement)])


@pytest.mark.rule("S:CORE-07")
def test_who_gave_and_took_a_role_is_kept(world: Any, eve: FlaskClient, run_in: Callable[..., Any]) -> None:
    eve.post(address(eve, "admit"), data={"username": "rob", "role": "visits_manager", "scope": "team"})
    given = memberships(run_in, "rob")[-1][0]
    eve.post(address(eve, "dismiss"), data={"id": str(given)})

    member = {"member_id": world.users["rob"], "member": "rob", "role": "visits_manager", "scope": "team"}
    assert events(run_in, "role.given") == [(world.users["eve"], world.one, member)]
    assert events(run_in, "role.taken") == [(world.users["eve"], world.one, member)]


@pytest.mark.rule("S:CORE-07")
def test_who_switched_an_addon_is_kept(world: Any, eve: FlaskClient, run_in: Callable[..., Any]) -> None:
    eve.post("/apps/bonus", data={"on": "0"})
    eve.post("/apps/bonus", data={"on": "0"})  # It was off already.

    assert events(run_in, "addon.switched") == [(world.users["eve"], world.one, {"addons": ["bonus"], "on": False})]


def test_what_was_refused_stands_in_its_form_again(world: Any, eve: FlaskClient, run_in: Callable[..., Any]) -> None:
    sent = {"username": 'n"obody', "role": "visits_manager", "scope": "team"}
    page = eve.post(address(eve, "admit"), data=sent, follow_redirects=True).text
    form = page.partition('id="member-admit"')[2].partition("</form>")[0]

    assert "There is no active user of this name." in page
    assert 'name="username" value="n&#34;obody"' in form
    assert '<option value="visits_manager" selected>' in form
    assert '<option value="team" selected>' in form

    before = memberships(run_in, "rob")
    wrong = {"id": str(before[0][0]), "role": "Admin", "scope": "company"}
    page = eve.post(address(eve, "change"), data=wrong, follow_redirects=True).text
    form = page.partition('id="member-change"')[2].partition("</form>")[0]
    assert '<option value="company" selected>' in form, "The editor stays open, as it was filled in."
    assert memberships(run_in, "rob") == before
    assert events(run_in, "role.changed") == []


def test_the_list_stays_as_it_was_asked_for(world: Any, eve: FlaskClient, run_in: Callable[..., Any]) -> None:
    place = f"{address(eve, 'admit')}?q=o&order=username&state=new&edit=1"
    done = eve.post(place, data={"username": "rob", "role": "visits_manager", "scope": "team"})
    refused = eve.post(place, data={"username": "nobody", "role": "visits_manager", "scope": "team"})

    assert done.location == f"{PAGE}?q=o&order=username&state=new"
    assert refused.location.startswith(f"{PAGE}?q=o&order=username&state=new&given_username=nobody&")
    assert "&amp;state=new&amp;" in eve.get(refused.location).text.partition('id="member-admit"')[2].partition(">")[0]


def test_a_role_that_somebody_else_has_changed_meanwhile_stays(
    world: Any, eve: FlaskClient, run_in: Callable[..., Any]
) -> None:
    from app.companies.models import Membership, Scope
    from app.database.session import session

    key = memberships(run_in, "rob")[0][0]
    form = eve.get(PAGE, query_string={"edit": key}).text.partition('id="member-change"')[2].partition("</form>")[0]
    sent = dict(re.findall(r'type="hidden" name="(id|held)" value="([^"]*)"', form))
    assert sent.keys() == {"id", "held"}
    (role,) = re.findall(r'<option value="([^"]+)" selected>', form.partition('id="edit-scope"')[0])
    eve.post(address(eve, "change"), data={**sent, "role": role, "scope": "team"})

    for action in ("change", "dismiss"):
        said = eve.post(address(eve, action), data={**sent, "role": role, "scope": "company"}, follow_redirects=True)
        assert "Somebody else has changed this record meanwhile." in said.text
    assert run_in(None, lambda: session.get_one(Membership, key).scope) is Scope.TEAM
    assert len(events(run_in, "role.changed")) == 1
    assert events(run_in, "role.taken") == []


def test_a_role_that_is_given_elsewhere_is_not_replaced_by_the_first_one(
    world: Any, eve: FlaskClient, run_in: Callable[..., Any]
) -> None:
    from app.companies.memberships import add_membership

    def give() -> int:
        admin = world.app.appbuilder.sm.find_role("Admin")
        return add_membership(world.one, user_id=world.users["rob"], role_id=admin.id).id

    key = run_in(None, give)
    form = eve.get(PAGE, query_string={"edit": key}).text.partition('id="edit-role"')[2].partition("</select>")[0]

    assert re.findall(r'<option value="([^"]+)" selected>', form) == ["Admin"]


def test_roles_called_the_same_are_told_apart(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.security.wording import position_words, role_titles, role_words

    def addon(name: str, *titles: str) -> SimpleNamespace:
        roles = [SimpleNamespace(name=f"{name}_{title.lower()}", title=title) for title in titles]
        return SimpleNamespace(name=name, roles=roles, manifest=SimpleNamespace(title=name.capitalize()))

    monkeypatch.setitem(world.app.extensions, "setups", [addon("hall", "Clerk", "Chief"), addon("shop", "Clerk")])
    with world.app.test_request_context():
        assert {name: title for name, title in role_titles().items() if name.startswith(("hall", "shop"))} == {
            "hall_clerk": "Clerk (Hall)",
            "hall_chief": "Chief",
            "shop_clerk": "Clerk (Shop)",
        }
        assert role_words("shop_clerk") == "Clerk (Shop)"
        assert position_words("shop_clerk") == "Clerk", "A position in the shop is called as people say."


def test_names_of_strangers_are_not_told(world: Any, eve: FlaskClient, run_in: Callable[..., Any]) -> None:
    said = [
        eve.post(address(eve, "admit"), data={"username": name, **SCOPE}, follow_redirects=True).text
        for name in ("zed", "nobody")
    ]

    assert all("There is no active user of this name." in page for page in said)
    assert memberships(run_in, "zed") == []
    assert events(run_in, "role.given") == []


def test_the_platform_administrator_admits_anybody(world: Any, eve: FlaskClient, run_in: Callable[..., Any]) -> None:
    from app.database.session import session

    manager = world.app.appbuilder.sm

    def promote() -> None:
        user = session.get_one(manager.user_model, world.users["eve"])
        user.roles.append(manager.find_role("Admin"))

    run_in(None, promote)

    eve.post(address(eve, "admit"), data={"username": "zed", **SCOPE})

    assert [company for _id, company in memberships(run_in, "zed")] == [world.one]
