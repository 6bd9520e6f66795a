"""Log-in by an identity provider: who gets in, as whom."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa

from tests.app.login.browser import (
    START,
    begin,
    change,
    identities,
    log_in,
    make_global_administrator,
    shown,
    users,
    visit,
)
from tests.app.login.conftest import is_logged_in
from tests.app.login.identity_provider import CLIENT_ID, IdentityProvider
from tests.world import FIRST_DAY, PASSWORD

pytestmark = pytest.mark.by_turns


def test_without_a_provider_there_is_none(world: Any) -> None:
    client = world.app.test_client()
    assert START not in client.get("/login/").text
    assert [client.get(f"{START}{end}").status_code for end in ("", "back")] == [404, 404]


def test_the_first_log_in_finds_the_user_by_verified_mail_and_the_next_by_the_subject(
    idp: IdentityProvider, world: Any, run_in: Any, events: Any
) -> None:
    assert START in world.app.test_client().get("/login/?next=/account/").text
    client, answer = log_in(world, "?next=/account/%3Fa=1")
    assert (answer.status_code, answer.location) == (302, "/account/?a=1")
    assert is_logged_in(client)
    ann = world.users["ann"]
    assert identities(run_in) == [(ann, "ann-1", "ann.lee")]
    assert events("login.linked", "login.succeeded") == [("login.linked", ann, None), ("login.succeeded", ann, None)]

    idp.person = {"sub": "ann-1", "preferred_username": "ann.moore", "email": "moore@example.test"}
    client, _answer = log_in(world)
    assert is_logged_in(client)
    assert identities(run_in) == [(ann, "ann-1", "ann.moore")]


def test_what_is_asked_of_the_provider(idp: IdentityProvider, world: Any) -> None:
    address = urlsplit(begin(world.app.test_client()))
    asked = {name: values[0] for name, values in parse_qs(address.query).items()}
    assert address.geturl().startswith(f"{idp.issuer}/authorize?")
    assert {name: asked[name] for name in ("response_type", "client_id", "scope", "redirect_uri")} == {
        "response_type": "code",
        "client_id": CLIENT_ID,
        "scope": "openid profile email",
        "redirect_uri": "http://localhost/login/oidc/back",
    }
    assert asked["code_challenge_method"] == "S256"
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 43
    assert len({asked[name] for name in ("state", "nonce", "code_challenge")}) == 3


def test_log_ins_begun_in_two_windows_can_both_be_finished(idp: IdentityProvider, world: Any) -> None:
    client = world.app.test_client()
    first, second = begin(client, "?next=/account/"), begin(client, "?next=/notices/")
    assert client.get(visit(first)).location == "/account/"
    answer = client.get(visit(second))
    assert answer.status_code == 302
    assert is_logged_in(client)


def test_the_keys_may_change(idp: IdentityProvider, world: Any) -> None:
    assert is_logged_in(log_in(world)[0])
    idp.rotate()
    assert is_logged_in(log_in(world)[0])
    assert [name for name, _asked in idp.asked].count("/jwks") == 2
    assert is_logged_in(log_in(world)[0])
    assert [name for name, _asked in idp.asked].count("/jwks") == 2


def test_what_only_the_profile_says_is_asked_for(idp: IdentityProvider, world: Any, run_in: Any) -> None:
    idp.person, idp.userinfo = {"sub": "ann-1"}, {**idp.person}
    assert is_logged_in(log_in(world)[0])
    assert identities(run_in) == [(world.users["ann"], "ann-1", "ann.lee")]


def test_the_first_log_in_may_go_by_the_employee_number(
    idp: IdentityProvider, world: Any, run_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(world.app.config, "OIDC_LINK_BY", "employee_number")
    assert not is_logged_in(log_in(world)[0])
    idp.person["employee_number"] = "E-rob"
    assert is_logged_in(log_in(world)[0])
    assert [user for user, _subject, _name in identities(run_in)] == [world.users["rob"]]


def test_nobody_is_created_unless_wanted_and_then_without_roles(
    idp: IdentityProvider, world: Any, run_in: Any, events: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    idp.person = {"sub": "new-1", "preferred_username": "Ann", "email": "new@example.test", "email_verified": True}
    assert not is_logged_in(log_in(world)[0])
    monkeypatch.setitem(world.app.config, "OIDC_CREATE_USERS", True)

    client, _answer = log_in(world)

    assert is_logged_in(client)
    assert users(run_in) - set(world.users) == {"ann2"}  # Her name is taken.
    assert client.get("/visits/visit/list/").status_code in (302, 403, 404)
    assert [kind for kind, _user, _reason in events("login.created", "login.linked")] == [
        "login.created",
        "login.linked",
    ]
    assert run_in(None, lambda: _roles("ann2")) == ([], None)
    idp.person["sub"] = "new-2"  # Linked by its mail to whom? To another account already.
    assert not is_logged_in(log_in(world)[0])


def _roles(name: str) -> tuple[list[str], str | None]:
    from flask_appbuilder.security.sqla.models import User

    from app.database.session import session

    user = session.scalars(sa.select(User).where(User.username == name)).one()
    return [role.name for role in user.roles], user.password


def test_a_command_links_whom_no_first_log_in_finds(idp: IdentityProvider, world: Any, run_in: Any) -> None:
    from app.cli import user

    make_global_administrator(run_in)
    idp.person = {"sub": "root-1", "preferred_username": "root", "email": "root@example.test", "email_verified": True}
    runner = world.app.test_cli_runner()
    assert not is_logged_in(log_in(world)[0])
    assert runner.invoke(user, ["link-provider", "root", "root-1"]).exit_code == 0
    assert is_logged_in(log_in(world)[0])
    assert "linked to another one" in runner.invoke(user, ["link-provider", "ann", "root-1"]).output
    assert runner.invoke(user, ["link-provider", "nobody", "x"]).exit_code == 1
    assert runner.invoke(user, ["unlink", "root"]).exit_code == 0
    assert not is_logged_in(log_in(world)[0])


def test_an_address_that_is_taken_creates_nobody(
    idp: IdentityProvider, world: Any, run_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(world.app.config, "OIDC_CREATE_USERS", True)
    monkeypatch.setitem(world.app.config, "OIDC_LINK_BY", "none")
    assert not is_logged_in(log_in(world)[0])
    assert users(run_in) == set(world.users)


def test_whoever_is_inactive_or_has_left_stays_out(idp: IdentityProvider, world: Any, run_in: Any, events: Any) -> None:
    assert is_logged_in(log_in(world)[0])
    change(run_in, "ann", active=False)
    assert not is_logged_in(log_in(world)[0])
    change(run_in, "ann", active=True)
    run_in(world.one, lambda: _leave(world.users["ann"]))
    assert is_logged_in(log_in(world)[0])  # She still works in the other company.
    run_in(world.two, lambda: _leave(world.users["ann"]))
    assert not is_logged_in(log_in(world)[0])
    assert [reason for _kind, _user, reason in events("login.refused")] == ["login.closed", "login.closed"]


def _leave(user_id: int) -> None:
    from app.companies.models import Employee
    from app.database.session import session

    session.scalars(sa.select(Employee).where(Employee.user_id == user_id)).one().left_on = FIRST_DAY


def test_a_provider_that_does_not_answer_is_said_and_the_password_still_works(
    idp: IdentityProvider, world: Any
) -> None:
    idp.is_out_of_order = True
    client = world.app.test_client()
    assert begin(client) == "/login/"
    assert "does not answer" in shown(client)
    client.get("/lang/zh")
    begin(client)
    assert "没有响应" in shown(client)
    assert client.post("/login/", data={"username": "ann", "password": PASSWORD}).status_code == 302
