"""Log-in by a directory: the password is asked for there, everything else is as with a password of ours."""

import datetime as dt
from typing import Any

import pyotp
import pytest
import sqlalchemy as sa

from tests.app.login.browser import make_global_administrator
from tests.app.login.conftest import is_logged_in
from tests.app.login.directory_facts import BASE
from tests.app.login.directory_facts import PASSWORD as THERE
from tests.app.login.passwords import WRONG, by_page, by_rest, kept_password, linked, opens
from tests.world import PASSWORD as HERE

pytestmark = pytest.mark.by_turns


def test_the_first_log_in_links_and_from_then_on_the_directory_keeps_the_password(
    directory: Any, world: Any, run_in: Any, events: Any
) -> None:
    assert opens(world, "ann", HERE)  # Until then ours is right.

    assert opens(world, "Ann", THERE)

    assert linked(run_in) == [("ann", "uuid-ann")]
    assert kept_password(run_in, "ann") is None
    assert [kind for kind, user, _reason in events("login.linked") if user == world.users["ann"]] == ["login.linked"]
    assert not opens(world, "ann", HERE)
    assert opens(world, "ann@example.test", THERE) is False  # There she is called otherwise.


@pytest.mark.parametrize("scheme", ["ldap", "ldaps"])
def test_by_tls_from_the_start_or_by_starttls(directory: Any, world: Any, set_up: Any, scheme: str) -> None:
    set_up(LDAP_SERVERS=[f"{scheme}://localhost:{directory[scheme]}"])
    assert opens(world, "ann", THERE)


@pytest.mark.parametrize("scheme", ["ldap", "ldaps"])
def test_a_server_that_nobody_vouches_for_gets_no_password(
    directory: Any, world: Any, set_up: Any, scheme: str, tmp_path: Any
) -> None:
    from tests.app.login.conftest import make_certificate

    make_certificate(tmp_path)
    set_up(LDAP_SERVERS=[f"{scheme}://localhost:{directory[scheme]}"], LDAP_CA_FILE=str(tmp_path / "ca.pem"))
    assert by_page(world, "newcomer", THERE)[1].status_code == 503


def test_without_searching_the_name_is_put_into_the_dn(directory: Any, world: Any, set_up: Any, run_in: Any) -> None:
    set_up(LDAP_BIND_DN="", LDAP_BIND_PASSWORD="", LDAP_USER_DN=f"uid={{username}},ou=people,{BASE}")
    assert not opens(world, "ann", WRONG)
    assert opens(world, "ann", THERE)
    assert linked(run_in) == [("ann", "uuid-ann")]
    for name in ("ann,ou=people", "ann+uid=rob", "cn=service", "*", "twin"):
        assert not opens(world, name, THERE)


# What may not be understood as anything but a name that nobody has, or a password that is wrong.
INJECTIONS = [
    "*",
    "an*",
    "ann)(uid=*",
    "*)(objectClass=*",
    "ann)(|(uid=*",
    "\\61nn",
    "ann\0",
    "(",
    ")",
    "a" * 5000,
    "安",
    "twin",
]


@pytest.mark.parametrize("name", INJECTIONS, ids=range(len(INJECTIONS)))
def test_a_name_is_never_part_of_the_question(directory: Any, world: Any, run_in: Any, set_up: Any, name: str) -> None:
    set_up(LDAP_CREATE_USERS=True)
    assert not opens(world, name, THERE)
    assert linked(run_in) == []


@pytest.mark.parametrize("password", ["", " ", "\0", f"{THERE}\0", "{SSHA}x"])
def test_an_empty_password_is_refused_though_the_directory_takes_it(
    directory: Any, world: Any, run_in: Any, password: str
) -> None:
    assert opens(world, "ann", THERE)
    client, answer = by_page(world, "ann", password)
    assert not is_logged_in(client)
    assert answer.status_code < 500
    assert by_rest(world, "ann", password).status_code in (400, 401)

    def asked() -> bool:
        from app.security.directory import ask_directory

        return ask_directory("ann", "").accepted

    assert run_in(None, asked) is False


@pytest.mark.rule("S:CORE-03")
def test_the_lock_out_counts_and_holds_as_with_a_password_of_ours(
    directory: Any, world: Any, run_in: Any, events: Any
) -> None:
    assert opens(world, "ann", THERE)
    for _attempt in range(5):
        assert by_page(world, "ann", WRONG)[1].status_code == 401
    assert not opens(world, "ann", THERE)
    ann = world.users["ann"]
    assert events("login.locked") == [("login.locked", ann, None)]
    assert [user for _kind, user, _reason in events("login.failed")] == [ann] * 7
    run_in(None, _lift_lock)
    assert opens(world, "ann", THERE)


def _lift_lock() -> None:
    from app.database.session import session
    from app.security.models import Account

    session.execute(sa.update(Account).values(locked_until=None))


@pytest.mark.rule("S:CORE-03")
def test_a_name_of_the_directory_locks_the_user_whom_it_opens(
    directory: Any, world: Any, set_up: Any, run_in: Any
) -> None:
    set_up(LDAP_LINK_BY="employee_number")
    assert opens(world, "rob.lee", THERE)
    assert linked(run_in) == [("rob", "uuid-rob")]
    for _attempt in range(5):
        assert by_page(world, "rob.lee", WRONG)[1].status_code == 401
    assert not opens(world, "rob.lee", THERE)


def test_who_is_not_known_here_stays_out(directory: Any, world: Any, run_in: Any, events: Any) -> None:
    _client, answer = by_page(world, "newcomer", THERE)
    assert answer.status_code == 401
    assert "Your company account is not known here" in answer.text
    assert 'value="newcomer"' in answer.text
    assert events("login.refused", "login.failed") == [("login.refused", None, "login.unknown")]
    assert linked(run_in) == []


def test_who_is_created_has_no_roles_and_no_password(directory: Any, world: Any, run_in: Any, set_up: Any) -> None:
    set_up(LDAP_CREATE_USERS=True)
    client, _answer = by_page(world, "newcomer", THERE)
    assert client.get("/account/").status_code == 200
    assert "Newcomer Directory" in client.get("/account/").text
    assert linked(run_in) == [("newcomer", "uuid-new")]
    assert kept_password(run_in, "newcomer") is None
    assert opens(world, "newcomer", THERE)
    assert len(linked(run_in)) == 1


@pytest.mark.parametrize(
    "group", ["(employeeNumber=E-ann)", "(&(cn=office)(member={dn}))", "(&(objectClass=groupOfNames)(member={dn}))"]
)
def test_only_a_group_may_be_let_in(directory: Any, world: Any, set_up: Any, group: str) -> None:
    set_up(LDAP_GROUP_FILTER=group, LDAP_CREATE_USERS=True)
    assert opens(world, "ann", THERE)
    assert not opens(world, "newcomer", THERE)


def test_the_platforms_administrator_stays_ours_until_a_command_links_him(
    directory: Any, world: Any, run_in: Any
) -> None:
    make_global_administrator(run_in)
    assert not opens(world, "root", THERE)
    assert opens(world, "root", HERE)

    told = command(world, "link-directory", "root")
    assert told.exit_code == 0, told.output
    assert linked(run_in) == [("root", "uuid-root")]
    assert opens(world, "root", THERE)
    assert not opens(world, "root", HERE)
    assert "company directory" in command(world, "reset-password", "root").output
    assert kept_password(run_in, "root") is None
    assert command(world, "unlink", "root").exit_code == 0
    assert not opens(world, "root", THERE)
    assert command(world, "reset-password", "root").exit_code == 0
    assert linked(run_in) == []


def command(world: Any, *words: str) -> Any:
    """Run `flask user ...`."""
    from app.cli import user

    return world.app.test_cli_runner().invoke(user, list(words))


def test_without_linking_nobody_is_taken_over(directory: Any, world: Any, run_in: Any, set_up: Any) -> None:
    set_up(LDAP_LINK_BY="none", LDAP_CREATE_USERS=True)
    assert not opens(world, "ann", THERE)
    assert opens(world, "ann", HERE)
    assert linked(run_in) == []


def test_whoever_is_inactive_stays_out(directory: Any, world: Any, run_in: Any) -> None:
    from flask_appbuilder.security.sqla.models import User

    from app.database.session import session

    assert opens(world, "ann", THERE)
    run_in(None, lambda: session.execute(sa.update(User).where(User.username == "ann").values(active=False)))
    assert not opens(world, "ann", THERE)


@pytest.mark.rule("S:CORE-03")
def test_pages_of_passwords_do_not_concern_whoever_has_none_here(
    directory: Any, world: Any, run_in: Any, login: Any
) -> None:
    client, _answer = by_page(world, "ann", THERE)
    make_global_administrator(run_in)
    form = {"password": "another good one 7", "conf_password": "another good one 7"}
    page = login("root").post(f"/resetpassword/form?pk={world.users['ann']}", data=form)
    assert "it is changed there" in page.text
    run_in(None, _age_passwords)
    assert client.get("/notices/").status_code == 200
    assert client.get("/account/password").location == "/account/"
    assert "/account/password" not in client.get("/account/").text
    new = {"current": THERE, "new": "another good one 7", "repeated": "another good one 7"}
    assert client.post("/account/password", data=new).location == "/account/"
    token = by_rest(world, "ann", THERE).json["access_token"]
    header = {"Authorization": f"Bearer {token}"}
    answer = client.post("/api/v1/security/password", json=new, headers=header)
    refused = world.app.test_client().post("/api/v1/security/password", json=new, headers=header)
    assert (refused.status_code, refused.json["error"]) == (422, "password.elsewhere"), answer.text
    assert world.app.test_client().get("/api/v1/visits/visit/", headers=header).status_code != 401
    assert kept_password(run_in, "ann") is None
    assert opens(world, "ann", THERE)


def _age_passwords() -> None:
    from app.database.columns import utc_now
    from app.database.session import session
    from app.security.models import Account

    session.execute(sa.update(Account).values(changed_at=utc_now() - dt.timedelta(days=91), must_change=True))


@pytest.mark.rule("S:CORE-03")
def test_whoever_asks_for_the_password_again_asks_the_directory(
    directory: Any, world: Any, run_in: Any, set_up: Any
) -> None:
    client, _answer = by_page(world, "ann", THERE)
    page = "/account/second-factor/"
    assert "not your present password" in client.post(f"{page}begin", data={"password": HERE}).text
    set_up(LDAP_SERVERS=["ldaps://127.0.0.1:1"])
    assert "does not answer" in client.post(f"{page}begin", data={"password": THERE}).text
    set_up(LDAP_SERVERS=[f"ldaps://127.0.0.1:{directory['ldaps']}"])
    assert client.post(f"{page}begin", data={"password": THERE}).status_code == 302
    app = pyotp.TOTP(run_in(None, _secret))
    assert client.post(f"{page}confirm", data={"code": app.now()}).status_code == 200

    fresh, answer = by_page(world, "ann", THERE)
    assert answer.location == "/login/code"
    code = app.at(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=30))
    assert by_rest(world, "ann", THERE).json["error"] == "security.code_needed"
    assert fresh.post("/login/code", data={"code": code}).status_code == 302
    assert is_logged_in(fresh)


def _secret() -> str:
    from app.database.session import session
    from app.security.models import SecondFactor

    return session.scalars(sa.select(SecondFactor)).one().secret


def test_linking_ends_what_the_former_password_opened(directory: Any, world: Any, login: Any) -> None:
    before = login("ann")
    assert opens(world, "ann", THERE)
    assert not is_logged_in(before)
