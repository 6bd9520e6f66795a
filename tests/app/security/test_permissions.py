"""Who may do what, per company: FAB's doors, services, the menu."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from flask_appbuilder.security.sqla.models import Role, User

from app.audit import SecurityEvent
from app.companies import snapshot
from app.companies.enablement import switch
from app.companies.models import CacheVersion, Company, Membership
from app.database.session import db, session
from app.errors import NotAllowed
from app.security.manager import SecurityManager
from app.security.permissions import CACHE, announce_change, permission_cache
from app.security.roles import may, require, subject_of
from tests.app.security.papers import RESOURCE

Enter = Callable[..., FlaskClient]
Run = Callable[..., Any]


@pytest.mark.rule("S:CORE-04")
def test_a_screen_opens_for_a_role_held_in_the_company(login: Enter) -> None:
    # Root holds Admin globally, which opens no business screen: he is in no company.
    opened = {user: login(user).get("/papers/list").status_code for user in ("ann", "bob", "eve", "root")}
    assert opened == {"ann": 200, "bob": 200, "eve": 403, "root": 403}


def test_platform_screens_are_for_platform_administrators(login: Enter, world: SimpleNamespace, run_in: Run) -> None:
    paths = ("/users/list/", "/roles/list/", "/groups/list/", "/resetpassword/form?pk=1")
    run_in(
        None,
        lambda: session.add(Membership(company_id=world.one, user_id=world.users["eve"], role_id=_role("Admin").id)),
    )
    root, ann, eve = login("root"), login("ann"), login("eve")
    for path in paths:
        answers = [client.get(path).status_code for client in (root, ann, eve)]
        assert (path, answers) == (path, [200, 403, 403])
    # Eve's Admin is held in a company: it opens the company's screens, and nothing of the platform's.
    assert eve.get("/papers/list").status_code == 200


def test_a_closed_addon_grants_nothing(world: SimpleNamespace, run_in: Run) -> None:
    def answers() -> list[bool]:
        ann = _user("ann")
        return [may(ann, "list", RESOURCE), may(ann, "list", "visits.Visit"), may(ann, "list", "unknown.Thing")]

    assert run_in(world.one, answers) == [True, False, False]  # Visits is off here,
    assert run_in(world.two, answers) == [False, False, False]  # papers there,
    assert run_in(None, answers) == [False, False, False]  # and without a company there is nothing.


def test_strangers_are_sent_to_the_log_in_and_refused_by_rest(world: SimpleNamespace) -> None:
    client = world.app.test_client()
    answer = client.get("/papers/list")
    assert (answer.status_code, answer.location.split("?")[0]) == (302, "/login/")
    assert client.get("/api/v1/papers/").status_code == 401


@pytest.mark.rule("S:CORE-04")
def test_a_refusal_in_a_service_undoes_everything_but_its_own_trace(login: Enter, world: SimpleNamespace) -> None:
    answer = login("bob").post("/papers/refused")
    assert (answer.status_code, answer.json["error"]) == (403, "security.refused")
    assert answer.json["data"] == {"right": "Edit", "subject": "Paper", "verb": "edit", "resource": RESOURCE}
    assert answer.json["message"] == "You need the right “Edit” on “Paper”."
    with world.app.app_context():
        assert session.scalar(sa.select(Company.id).where(Company.name == "Half")) is None
        assert _events("denied") == [(world.users["bob"], world.one, {"verb": "edit", "resource": RESOURCE})]


@pytest.mark.rule("S:CORE-04")
def test_a_refused_address_leaves_a_trace(login: Enter, world: SimpleNamespace) -> None:
    login("eve").get("/papers/list")
    with world.app.app_context():
        assert _events("denied") == [(world.users["eve"], None, {"method": "GET", "path": "/papers/list"})]


def test_a_refusal_outside_of_a_request_leaves_a_trace(world: SimpleNamespace) -> None:
    with world.app.app_context():
        with pytest.raises(NotAllowed):
            require(_user("eve"), "list", RESOURCE)
        session.rollback()
        assert _events("denied") == [(world.users["eve"], None, {"verb": "list", "resource": RESOURCE})]


def test_the_menu_shows_open_entries_and_no_empty_category(login: Enter) -> None:
    def menu(user: str) -> list[Any]:
        shown = login(user).get("/api/v1/menu/").json["result"]
        return [
            (entry["name"], [child["name"] for child in entry.get("childs", []) if child != "-"]) for entry in shown
        ]

    assert menu("ann") == [("Office", [RESOURCE])]  # Visits is off, Security is not hers.
    assert menu("eve") == []
    assert [name for name, _children in menu("root")] == ["Security"]


def test_the_public_role_opens_what_it_is_given(world: SimpleNamespace, run_in: Run) -> None:
    def open_to_all() -> None:
        sm = _manager(world)
        sm.add_permission_role(_role("Public"), sm.find_permission_view_menu("can_list", RESOURCE))

    client = world.app.test_client()
    run_in(None, open_to_all)
    # The resource belongs to an add-on, and a stranger is in no company that has it on.
    assert client.get("/papers/list").status_code == 302


def test_a_changed_role_counts_at_once_in_this_process(login: Enter, world: SimpleNamespace, run_in: Run) -> None:
    def withdraw() -> None:
        sm = _manager(world)
        sm.del_permission_role(_role("reader"), sm.find_permission_view_menu("can_list", RESOURCE))

    bob = login("bob")
    assert bob.get("/papers/list").status_code == 200
    run_in(None, withdraw)
    assert bob.get("/papers/list").status_code == 403


def test_a_changed_role_counts_in_other_processes_when_they_look_again(
    world: SimpleNamespace, run_in: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def withdraw() -> None:
        reader = _role("reader")
        reader.permissions.clear()

    def may_read() -> bool:
        with world.app.app_context():
            return _role("reader").id in permission_cache().get().of_role

    clock = [0.0]
    monkeypatch.setattr(snapshot, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    kept = world.app.extensions
    mine = {name: kept.pop(name, None) for name in ("permission_cache", "snapshot_numbers")}
    assert may_read()
    elsewhere = {name: kept.pop(name) for name in mine}  # What another process keeps.

    run_in(None, withdraw)
    assert not may_read()
    kept.update(elsewhere)
    assert may_read()  # Not a second old yet.
    clock[0] += 1.0
    assert not may_read()


def test_an_ended_membership_counts_at_the_next_request(login: Enter, world: SimpleNamespace, run_in: Run) -> None:
    bob = login("bob")
    assert bob.get("/papers/list").status_code == 200
    run_in(None, lambda: session.execute(sa.delete(Membership).where(Membership.user_id == world.users["bob"])))
    assert bob.get("/papers/list").status_code == 403


def test_a_switched_on_addon_opens_for_holders_of_the_role(login: Enter, world: SimpleNamespace, run_in: Run) -> None:
    ann = login("ann")
    assert ann.get("/closed/list").status_code == 403
    run_in(None, lambda: switch("visits", world.one, on=True, depends={"visits": []}))
    assert ann.get("/closed/list").status_code == 200


def test_one_request_asks_two_statements_for_identity_and_rights(login: Enter, world: SimpleNamespace) -> None:
    ann = login("ann")
    ann.get("/papers/list")
    with world.app.app_context():
        engine = db.engine
    statements: list[str] = []
    sa.event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    assert ann.get("/papers/list").status_code == 200
    # The log-in with its user, and the roles held; what they grant and what is on is remembered by the process.
    asked = [text for text in statements if "companies_cache_version" not in text and "set_config" not in text]
    assert len([text for text in asked if not text.startswith("BEGIN")]) == 2, asked


@pytest.mark.parametrize(
    ("resource", "words"), [("reception.Visit", "Visit"), ("reception.CustomerFile", "Customer file"), ("Apps", "Apps")]
)
def test_a_resource_in_words(resource: str, words: str) -> None:
    assert subject_of(resource) == words


def _manager(world: SimpleNamespace) -> SecurityManager:
    manager: SecurityManager = world.app.appbuilder.sm
    return manager


def _user(name: str) -> User:
    return session.scalars(sa.select(User).where(User.username == name)).one()


def _role(name: str) -> Role:
    return session.scalars(sa.select(Role).where(Role.name == name)).one()


def _events(kind: str) -> list[Any]:
    rows = session.scalars(sa.select(SecurityEvent).where(SecurityEvent.kind == kind).order_by(SecurityEvent.id))
    return [(row.user_id, row.company_id, row.details) for row in rows]


def test_two_first_changes_of_roles_at_once_are_both_announced(world: SimpleNamespace, run_in: Run) -> None:
    run_in(None, lambda: session.execute(sa.delete(CacheVersion)))

    def come_first(connection: sa.Connection, _name: str) -> None:
        connection.execute(sa.insert(CacheVersion).values(name=CACHE, number=1))

    with world.app.app_context():
        sa.event.listen(db.engine, "savepoint", come_first, once=True)  # After the update has found no row.
    run_in(None, lambda: announce_change(db.session()))

    statement = sa.select(CacheVersion.number).where(CacheVersion.name == CACHE)
    assert run_in(None, lambda: session.scalar(statement)) == 2
