"""Log-in by an identity provider: who gets in, as whom, and every way in which an answer may lie."""

import base64
import datetime as dt
import re
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
import requests
import sqlalchemy as sa
from flask.testing import FlaskClient
from joserfc.jwk import OctKey, RSAKey

from tests.app.login.conftest import is_logged_in
from tests.app.login.identity_provider import CLIENT_ID, CLIENT_SECRET, IdentityProvider, unsigned
from tests.world import FIRST_DAY, PASSWORD

START = "/login/oidc/"


def begin(client: FlaskClient, query: str = "") -> str:
    """Press the button; return where the browser is sent."""
    answer = client.get(f"{START}{query}")
    assert answer.status_code == 302
    return answer.location


def visit(address: str) -> str:
    """Log in at the provider; return the path with which the browser comes back."""
    answer = requests.get(address, allow_redirects=False, timeout=5)
    back = urlsplit(answer.headers["Location"])
    assert f"{back.scheme}://{back.netloc}" == "http://localhost"
    return f"{back.path}?{back.query}"


def log_in(world: Any, query: str = "") -> tuple[FlaskClient, Any]:
    """Log in by the provider; return the browser and the last answer."""
    client = world.app.test_client()
    return client, client.get(visit(begin(client, query)))


def shown(client: FlaskClient) -> str:
    """Return what the log-in page says."""
    return client.get("/login/").text


def change(run_in: Any, name: str, **values: Any) -> None:
    """Change a user."""
    from flask_appbuilder.security.sqla.models import User

    from app.database.session import session

    run_in(None, lambda: session.execute(sa.update(User).where(User.username == name).values(**values)))


def users(run_in: Any) -> set[str]:
    """Return the names of all users."""
    from flask_appbuilder.security.sqla.models import User

    from app.database.session import session

    return run_in(None, lambda: set(session.scalars(sa.select(User.username))))


def identities(run_in: Any) -> list[tuple[int, str, str]]:
    """Return who is linked."""
    from app.database.session import session
    from app.security.models import ExternalIdentity

    found = sa.select(ExternalIdentity.user_id, ExternalIdentity.subject, ExternalIdentity.name)
    return run_in(None, lambda: [tuple(row) for row in session.execute(found)])


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


def _another_audience(idp: IdentityProvider) -> None:
    idp.claims["aud"] = ["another client"]


def _several_audiences(idp: IdentityProvider) -> None:
    idp.claims.update(aud=[CLIENT_ID, "another client"], azp="another client")


def _another_issuer(idp: IdentityProvider) -> None:
    idp.claims["iss"] = "https://evil.test"


def _another_nonce(idp: IdentityProvider) -> None:
    idp.claims["nonce"] = "of another log-in"


def _no_nonce(idp: IdentityProvider) -> None:
    idp.claims["nonce"] = None


def _expired(idp: IdentityProvider) -> None:
    idp.claims.update(iat=int(time.time()) - 900, exp=int(time.time()) - 300)


def _no_expiry(idp: IdentityProvider) -> None:
    idp.claims["exp"] = None


def _of_the_future(idp: IdentityProvider) -> None:
    idp.claims.update(iat=int(time.time()) + 900, nbf=int(time.time()) + 900, exp=int(time.time()) + 1800)


def _no_subject(idp: IdentityProvider) -> None:
    idp.claims["sub"] = None


def _not_signed(idp: IdentityProvider) -> None:
    idp.sign = unsigned


def _signature_cut_off(idp: IdentityProvider) -> None:
    idp.sign = lambda claims: idp.signed(claims).rpartition(".")[0] + "."


def _signed_by_a_stranger(idp: IdentityProvider) -> None:
    stranger = RSAKey.generate_key(2048, {"kid": idp.key.kid})
    idp.sign = lambda claims: idp.signed(claims, key=stranger)


def _signed_by_the_client_secret(idp: IdentityProvider) -> None:
    secret = OctKey.import_key(CLIENT_SECRET, {"kid": idp.key.kid})
    idp.sign = lambda claims: idp.signed(claims, algorithm="HS256", key=secret)


def _signed_by_the_public_key(idp: IdentityProvider) -> None:
    public = OctKey.import_key(base64.urlsafe_b64encode(idp.key.as_pem(private=False)).decode(), {"kid": idp.key.kid})
    idp.sign = lambda claims: idp.signed(claims, algorithm="HS256", key=public)


def _no_token_at_all(idp: IdentityProvider) -> None:
    idp.sign = lambda _claims: "no token"


def _mail_not_verified(idp: IdentityProvider) -> None:
    idp.person["email_verified"] = False


def _mail_verified_by_a_word(idp: IdentityProvider) -> None:
    idp.person["email_verified"] = "false"


def _mail_of_nobody(idp: IdentityProvider) -> None:
    idp.person["email"] = "nobody@example.test"


def _mail_of_the_platforms_administrator(idp: IdentityProvider) -> None:
    idp.person["email"] = "root@example.test"


# What the provider, or somebody in its place, does wrong, and what the security event says of it.
LIES: list[tuple[Callable[[IdentityProvider], None], str]] = [
    (_another_audience, "provider.untrusted"),
    (_several_audiences, "provider.untrusted"),
    (_another_issuer, "provider.untrusted"),
    (_another_nonce, "provider.untrusted"),
    (_no_nonce, "provider.untrusted"),
    (_expired, "provider.untrusted"),
    (_no_expiry, "provider.untrusted"),
    (_of_the_future, "provider.untrusted"),
    (_no_subject, "provider.untrusted"),
    (_not_signed, "provider.untrusted"),
    (_signature_cut_off, "provider.untrusted"),
    (_signed_by_a_stranger, "provider.untrusted"),
    (_signed_by_the_client_secret, "provider.untrusted"),
    (_signed_by_the_public_key, "provider.untrusted"),
    (_no_token_at_all, "provider.untrusted"),
    (_mail_not_verified, "login.unknown"),
    (_mail_verified_by_a_word, "login.unknown"),
    (_mail_of_nobody, "login.unknown"),
    (_mail_of_the_platforms_administrator, "login.unknown"),
]


@pytest.mark.parametrize(("lie", "reason"), LIES, ids=[lie.__name__[1:] for lie, _reason in LIES])
def test_an_answer_that_is_not_right_opens_nothing(
    idp: IdentityProvider, world: Any, run_in: Any, events: Any, lie: Callable[[IdentityProvider], None], reason: str
) -> None:
    change(run_in, "root", email="root@example.test")
    _make_global_administrator(run_in)
    before = users(run_in)
    lie(idp)

    client, answer = log_in(world)

    assert (answer.status_code, answer.location) == (302, "/login/")
    assert 'class="flash flash-warning" role="alert"' in shown(client)
    assert not is_logged_in(client)
    assert events("login.refused", "login.succeeded") == [("login.refused", None, reason)]
    assert (identities(run_in), users(run_in)) == ([], before)


def _make_global_administrator(run_in: Any) -> None:
    from flask import current_app
    from flask_appbuilder.security.sqla.models import User

    from app.database.session import session

    def give() -> None:
        root = session.scalars(sa.select(User).where(User.username == "root")).one()
        root.roles = [current_app.appbuilder.sm.find_role("Admin")]  # type: ignore[attr-defined]

    run_in(None, give)


def _forged_state(path: str) -> str:
    return re.sub(r"state=[^&]+", "state=guessed", path)


def _no_state(path: str) -> str:
    return re.sub(r"&?state=[^&]+", "", path)


def _another_code(path: str) -> str:
    return re.sub(r"code=[^&]+", "code=guessed", path)


def _no_code(path: str) -> str:
    return re.sub(r"code=[^&]+&?", "", path)


def _refusal(path: str) -> str:
    return re.sub(r"code=[^&]+", "error=access_denied&error_description=%3Cscript%3Ealert(1)%3C/script%3E", path)


def _from_another_provider(path: str) -> str:
    return f"{path}&iss=https://evil.test"  # RFC 9207.


RETURNS = [
    (_forged_state, "provider.state"),
    (_no_state, "provider.state"),
    (_another_code, "provider.untrusted"),
    (_no_code, "provider.refused"),
    (_refusal, "provider.refused"),
    (_from_another_provider, "provider.issuer"),
]


@pytest.mark.parametrize(("bend", "reason"), RETURNS, ids=[bend.__name__[1:] for bend, _reason in RETURNS])
def test_a_bent_way_back_opens_nothing(
    idp: IdentityProvider, world: Any, events: Any, bend: Callable[[str], str], reason: str
) -> None:
    client = world.app.test_client()
    answer = client.get(bend(visit(begin(client))))
    assert (answer.status_code, answer.location) == (302, "/login/")
    assert not is_logged_in(client)
    assert events("login.refused", "login.succeeded") == [("login.refused", None, reason)]
    assert "<script>alert" not in shown(client)


def test_a_way_back_works_once_and_in_the_browser_that_began(idp: IdentityProvider, world: Any, events: Any) -> None:
    client, thief = world.app.test_client(), world.app.test_client()
    back = visit(begin(client))
    thief.get(back)
    assert not is_logged_in(thief)
    with client.session_transaction() as cookie:
        kept = dict(cookie)
    client.get(back)
    assert is_logged_in(client)
    with thief.session_transaction() as cookie:  # Even the cookie of before does not make the code work again.
        cookie.update(kept)
    thief.get(back)
    assert not is_logged_in(thief)
    reasons = [reason for _kind, _user, reason in events("login.refused")]
    assert reasons == ["provider.state", "provider.untrusted"]


def test_a_log_in_begun_long_ago_is_over(idp: IdentityProvider, world: Any) -> None:
    client = world.app.test_client()
    back = visit(begin(client))
    with client.session_transaction() as cookie:
        cookie["oidc"] = {state: {**kept, "at": kept["at"] - 601} for state, kept in cookie["oidc"].items()}
    client.get(back)
    assert not is_logged_in(client)


def test_log_ins_begun_in_two_windows_can_both_be_finished(idp: IdentityProvider, world: Any) -> None:
    client = world.app.test_client()
    first, second = begin(client, "?next=/account/"), begin(client, "?next=/notices/")
    assert client.get(visit(first)).location == "/account/"
    answer = client.get(visit(second))
    assert answer.status_code == 302
    assert is_logged_in(client)


@pytest.mark.parametrize("wanted", ["https://evil.test/", "//evil.test", "/\\evil.test", "javascript:alert(1)"])
def test_after_the_log_in_one_stays_on_this_site(idp: IdentityProvider, world: Any, wanted: str) -> None:
    _client, answer = log_in(world, f"?next={wanted}")
    assert answer.location == "/"


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


def test_the_profile_of_somebody_else_is_refused(idp: IdentityProvider, world: Any, run_in: Any) -> None:
    idp.person, idp.userinfo = {"sub": "eve-1"}, {**idp.person}
    assert not is_logged_in(log_in(world)[0])
    assert identities(run_in) == []


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

    _make_global_administrator(run_in)
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


@pytest.mark.parametrize(
    "published",
    [
        {"issuer": "https://evil.test"},
        {"token_endpoint": "http://evil.test/token"},
        {"jwks_uri": None},
        {"end_session_endpoint": "javascript:alert(1)"},
    ],
)
def test_a_provider_that_names_unsafe_addresses_is_not_asked(
    idp: IdentityProvider, world: Any, published: dict[str, Any]
) -> None:
    idp.published = published
    assert begin(world.app.test_client()) == "/login/"


def test_logging_out_ends_the_log_in_here_and_at_the_provider(idp: IdentityProvider, world: Any) -> None:
    client, _answer = log_in(world)
    client.get("/lang/zh")
    copied = client.get_cookie("session").value  # type: ignore[union-attr]

    page = client.post("/logout/")

    assert (page.status_code, "您已退出登录" in page.text) == (200, True)
    refresh = re.search(r'http-equiv="refresh" content="1; url=([^"]+)"', page.text)
    assert refresh is not None
    address = urlsplit(refresh[1].replace("&amp;", "&"))
    asked = {name: values[0] for name, values in parse_qs(address.query).items()}
    assert address.geturl().startswith(f"{idp.issuer}/logout?")
    assert (asked["client_id"], asked["post_logout_redirect_uri"]) == (CLIENT_ID, "http://localhost/login/")
    assert asked["id_token_hint"].count(".") == 2
    client.set_cookie("session", copied)
    assert not is_logged_in(client)


def test_logging_out_of_a_password_log_in_asks_the_provider_nothing(idp: IdentityProvider, login: Any) -> None:
    assert login("ann").post("/logout/").location == "/login/"
    assert idp.asked == []


def test_a_provider_without_log_out_is_left_alone(idp: IdentityProvider, world: Any) -> None:
    idp.published = {"end_session_endpoint": "https://localhost/"}
    metadata = idp.metadata
    idp.metadata = lambda: {name: value for name, value in metadata().items() if name != "end_session_endpoint"}  # type: ignore[method-assign]
    try:
        client, _answer = log_in(world)
        assert client.post("/logout/").location == "/login/"
    finally:
        del idp.metadata  # type: ignore[attr-defined]


@pytest.mark.rule("S:CORE-03")
def test_an_old_password_of_ours_stops_only_whoever_logs_in_with_it(
    idp: IdentityProvider, world: Any, run_in: Any, login: Any
) -> None:
    run_in(None, _age_passwords)
    client, _answer = log_in(world)
    assert client.get("/notices/").status_code == 200
    assert login("ann").get("/notices/").location.startswith("/account/password")


def _age_passwords() -> None:
    from app.database.columns import utc_now
    from app.database.session import session
    from app.security.models import Account

    session.execute(sa.update(Account).values(changed_at=utc_now() - dt.timedelta(days=91)))


def _enrol(world: Any, run_in: Any, name: str, client: FlaskClient) -> pyotp.TOTP:
    from app.database.session import session
    from app.security.models import SecondFactor

    client.post("/account/second-factor/begin", data={"password": PASSWORD})
    found = sa.select(SecondFactor.secret).where(SecondFactor.user_id == world.users[name])
    app = pyotp.TOTP(run_in(None, lambda: session.scalar(found)))
    assert client.post("/account/second-factor/confirm", data={"code": app.now()}).status_code == 200
    return app


@pytest.mark.rule("S:CORE-03")
def test_our_second_factor_is_asked_for_unless_the_provider_has_asked_for_one(
    idp: IdentityProvider, world: Any, run_in: Any, login: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = _enrol(world, run_in, "ann", login("ann"))
    idp.person["amr"] = ["pwd", "otp"]
    client, answer = log_in(world, "?next=/account/")
    assert answer.location == "/login/code?next=/account/"
    assert not is_logged_in(client)
    code = app.at(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=30))
    assert client.post(answer.location, data={"code": code}).location == "/account/"
    assert is_logged_in(client)
    assert client.post("/logout/").status_code == 200  # The provider's log-in is known after the code too.

    monkeypatch.setitem(world.app.config, "OIDC_SECOND_FACTOR_AMR", ["otp", "hwk"])
    assert is_logged_in(log_in(world)[0])
    idp.person["amr"] = ["pwd"]
    assert not is_logged_in(log_in(world)[0])
    monkeypatch.setitem(world.app.config, "OIDC_SECOND_FACTOR_ACR", ["gold"])
    idp.person["acr"] = "gold"
    assert is_logged_in(log_in(world)[0])


@pytest.mark.rule("S:CORE-03")
def test_whoever_handles_rights_needs_a_second_factor_here_or_there(
    idp: IdentityProvider, world: Any, run_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    idp.person = {"sub": "root-1", "email": "root@example.test", "email_verified": True, "amr": ["mfa"]}
    run_in(None, _want_second_factor)
    client, _answer = log_in(world)
    assert client.get("/notices/").location.startswith("/account/second-factor/")
    monkeypatch.setitem(world.app.config, "OIDC_SECOND_FACTOR_AMR", ["mfa"])
    client, _answer = log_in(world)
    assert client.get("/notices/").status_code == 200


def _want_second_factor() -> None:
    from app.database.columns import utc_now
    from app.database.session import session
    from app.security.models import Account

    session.execute(sa.update(Account).values(second_factor_since=utc_now() - dt.timedelta(days=400)))


def test_without_a_password_the_provider_confirms_who_sits_there(
    idp: IdentityProvider, world: Any, run_in: Any
) -> None:
    change(run_in, "ann", password=None)
    client, _answer = log_in(world)
    page = "/account/second-factor/"
    assert 'href="/login/oidc/?again=1' in client.get(page).text
    assert client.post(f"{page}begin").status_code == 200  # Shown again; no key is proposed.
    assert "<svg" not in client.get(page).text.partition('class="qr"')[2]
    assert client.get("/account/password").location == "/account/"

    address = begin(client, f"?again=1&next={page}")
    assert parse_qs(urlsplit(address).query)["prompt"] == ["login"]
    assert client.get(visit(address)).location == page
    assert client.post(f"{page}begin").status_code == 302
    assert 'class="qr"' in client.get(page).text


def test_a_confirmation_that_the_person_was_not_asked_for_is_refused(
    idp: IdentityProvider, world: Any, run_in: Any
) -> None:
    client, _answer = log_in(world)
    for auth_time in (None, int(time.time()) - 3600):
        idp.claims["auth_time"] = auth_time
        assert client.get(visit(begin(client, "?again=1"))).location == "/account/"
    from app.database.session import session
    from app.security.models import Login

    confirmed = sa.select(Login.id).where(Login.confirmed_at.is_not(None))
    assert run_in(None, lambda: session.scalars(confirmed).all()) == []


def test_somebody_else_cannot_confirm(idp: IdentityProvider, world: Any, run_in: Any) -> None:
    client, _answer = log_in(world)
    idp.person = {"sub": "rob-1", "email": "rob@example.test", "email_verified": True}
    client.get(visit(begin(client, "?again=1")))
    assert "Ann" in client.get("/account/").text
