"""After a log-in by the identity provider: second factor, confirming who sits there, log-out."""

import datetime as dt
import re
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.app.login.browser import begin, change, log_in, visit
from tests.app.login.conftest import is_logged_in
from tests.app.login.identity_provider import CLIENT_ID, IdentityProvider
from tests.world import PASSWORD

pytestmark = pytest.mark.by_turns


def _kept_tokens() -> int:
    from app.database.session import session
    from app.security.models import Login

    return session.scalar(sa.select(sa.func.count(Login.id)).where(Login.id_token.is_not(None))) or 0


def test_logging_out_ends_the_log_in_here_and_at_the_provider(idp: IdentityProvider, world: Any, run_in: Any) -> None:
    from app.database.columns import utc_now
    from app.security.logins import delete_old_logins

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
    assert run_in(None, _kept_tokens) == 1
    run_in(None, lambda: delete_old_logins(utc_now()))
    assert run_in(None, _kept_tokens) == 0


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
    for auth_time in (None, int(time.time()) - 3600, int(time.time()) + 3600, 10**20):
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
