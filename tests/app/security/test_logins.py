"""Log-ins live on the server: cookies and tokens die with them."""

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from flask_appbuilder.security.sqla.models import User

from app.audit import SecurityEvent
from app.database.columns import utc_now
from app.database.session import session
from app.security.logins import delete_old_logins
from app.security.models import Login, LoginKind
from tests.app.security.conftest import PASSWORD

Enter = Callable[..., FlaskClient]
Token = Callable[..., dict[str, str]]
Run = Callable[..., Any]


def test_the_log_in_is_kept_on_the_server(login: Enter, world: SimpleNamespace) -> None:
    login("ann")
    with world.app.app_context():
        row = session.scalars(sa.select(Login)).one()
        assert (row.user_id, row.company_id, row.kind) == (world.users["ann"], world.one, LoginKind.SESSION)
        assert row.expires_at - row.created_at == dt.timedelta(hours=12)
        assert (row.ip, row.agent.split("/")[0], len(row.sid)) == ("127.0.0.1", "Werkzeug", 43)
        user = session.get_one(User, row.user_id)
        assert (user.login_count, user.last_login is not None) == (1, True)


def test_log_ins_that_ended_long_ago_are_removed(login: Enter, world: SimpleNamespace, run_in: Run) -> None:
    for name in ("ann", "bob"):
        client = login(name)
    client.post("/logout/")  # bob's

    def left(after: dt.timedelta) -> list[int]:
        delete_old_logins(utc_now() + after)
        return list(session.scalars(sa.select(Login.user_id).order_by(Login.id)))

    ann, bob = world.users["ann"], world.users["bob"]
    assert run_in(world.one, lambda: left(dt.timedelta(days=89))) == [ann, bob]
    assert run_in(world.one, lambda: left(dt.timedelta(days=90, hours=1))) == [ann]
    assert run_in(world.two, lambda: left(dt.timedelta(days=91))) == []


def test_a_replayed_cookie_is_dead_after_log_out(login: Enter, world: SimpleNamespace) -> None:
    ann = login("ann")
    copied = ann.get_cookie("session").value
    assert ann.post("/logout/").status_code == 302
    assert ann.get("/papers/list").status_code == 302
    thief = world.app.test_client()
    thief.set_cookie("session", copied)
    assert thief.get("/papers/list").location.startswith("/login/")
    assert thief.get("/api/v1/papers/").status_code == 401


def test_logging_out_takes_a_post(login: Enter) -> None:
    ann = login("ann")
    assert ann.get("/logout/").status_code == 405
    assert ann.get("/papers/list").status_code == 200


def test_a_planted_cookie_gives_no_way_in(login: Enter, world: SimpleNamespace) -> None:
    # Session fixation: what the victim's cookie held before the log-in is worth nothing after it.
    eve = login("eve")
    client = world.app.test_client()
    client.set_cookie("session", eve.get_cookie("session").value)
    eve.post("/logout/")
    assert client.post("/login/", data={"username": "ann", "password": PASSWORD}).status_code == 302
    assert client.get("/api/v1/papers/").json["user"] == "ann"
    assert eve.get("/papers/list").status_code == 302
    with world.app.app_context():
        assert len(set(session.scalars(sa.select(Login.sid)))) == 2


def _expire(sid: str) -> Any:
    return sa.update(Login).where(Login.sid == sid).values(expires_at=utc_now())


def _revoke(sid: str) -> Any:
    return sa.update(Login).where(Login.sid == sid).values(revoked_at=utc_now())


def _deactivate(_sid: str) -> Any:
    return sa.update(User).where(User.username == "ann").values(active=False)


def _remove(sid: str) -> Any:
    return sa.delete(Login).where(Login.sid == sid)


@pytest.mark.parametrize("end", [_expire, _revoke, _deactivate, _remove])
def test_an_ended_log_in_ends_cookie_and_tokens(
    login: Enter, token: Token, world: SimpleNamespace, run_in: Run, end: Callable[[str], Any]
) -> None:
    ann, tokens = login("ann"), token("ann")
    client = world.app.test_client()
    access = {"Authorization": f"Bearer {tokens['access_token']}"}
    refresh = {"Authorization": f"Bearer {tokens['refresh_token']}"}
    assert ann.get("/papers/list").status_code == 200
    assert client.get("/api/v1/papers/", headers=access).status_code == 200
    for sid in run_in(None, lambda: list(session.scalars(sa.select(Login.sid)))):
        run_in(None, lambda sid=sid: session.execute(end(sid)))
    assert ann.get("/papers/list").status_code == 302
    assert client.get("/api/v1/papers/", headers=access).status_code == 401
    assert client.post("/api/v1/security/refresh", headers=refresh).status_code == 401


def test_tokens_of_one_log_in_die_together(token: Token, world: SimpleNamespace) -> None:
    tokens, others = token("ann"), token("ann")
    client = world.app.test_client()
    headers = {name: {"Authorization": f"Bearer {value}"} for name, value in tokens.items()}
    refreshed = client.post("/api/v1/security/refresh", headers=headers["refresh_token"]).json["access_token"]
    again = {"Authorization": f"Bearer {refreshed}"}
    assert client.get("/api/v1/papers/", headers=again).json["user"] == "ann"
    assert client.post("/api/v1/security/logout", headers=again).status_code == 200
    for header in (headers["access_token"], again):
        assert client.get("/api/v1/papers/", headers=header).status_code == 401
    assert client.post("/api/v1/security/refresh", headers=headers["refresh_token"]).status_code == 401
    other = {"Authorization": f"Bearer {others['access_token']}"}
    assert client.get("/api/v1/papers/", headers=other).status_code == 200


def test_a_token_knows_its_company(token: Token, world: SimpleNamespace) -> None:
    header = {"Authorization": f"Bearer {token('bob')['access_token']}"}
    assert world.app.test_client().get("/api/v1/papers/", headers=header).json == {"user": "bob"}


def test_a_broken_token_is_refused(world: SimpleNamespace) -> None:
    client = world.app.test_client()
    for value in ("", "x", "Bearer", "Bearer x", "Bearer a.b.c", "Basic YW5uOmE="):
        assert client.get("/api/v1/papers/", headers={"Authorization": value}).status_code in (401, 422), value


def test_a_forged_cookie_is_no_identity(world: SimpleNamespace) -> None:
    client = world.app.test_client()
    for content in ({"_user_id": str(world.users["ann"])}, {"_user_id": "1", "sid": "guess"}, {"sid": ""}):
        with client.session_transaction() as cookie:
            cookie.clear()
            cookie.update(content)
        assert client.get("/api/v1/papers/").status_code == 401


def test_last_seen_is_written_once_a_minute(login: Enter, world: SimpleNamespace, run_in: Run) -> None:
    ann = login("ann")
    long_ago = utc_now() - dt.timedelta(minutes=5)

    def seen() -> dt.datetime:
        found: dt.datetime = session.scalars(sa.select(Login.last_seen_at)).one()
        return found

    first = run_in(None, seen)
    ann.get("/papers/list")
    assert run_in(None, seen) == first
    run_in(None, lambda: session.execute(sa.update(Login).values(last_seen_at=long_ago)))
    ann.get("/papers/list")
    assert run_in(None, seen) > first


def test_a_user_sees_and_ends_his_other_log_ins(login: Enter, token: Token, world: SimpleNamespace) -> None:
    here, there, tokens = login("ann"), login("ann"), token("ann")
    bob = login("bob")
    assert sorted(here.get("/account/").text.split(" ")[0].strip("[]").split("][")) == ["False", "False", "True"]
    assert here.post("/account/logins/end").status_code == 302
    assert (here.get("/papers/list").status_code, there.get("/papers/list").status_code) == (200, 302)
    header = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert world.app.test_client().get("/api/v1/papers/", headers=header).status_code == 401
    assert bob.get("/papers/list").status_code == 200


NEXT = {
    "/papers/list?a=1": "/papers/list?a=1",
    "http://localhost/papers/list": "/papers/list",
    "https://evil.test/": "/",
    "//evil.test/x": "/",
    "///evil.test": "/evil.test",
    "/\\evil.test": "/",
    "javascript:alert(1)": "/",
    "http://localhost//evil.test": "/",
    "http:evil": "/",
    "/\t/evil.test": "/",
    "http://[broken": "/",
    "": "/",
    "papers": "/",
}


def test_after_the_log_in_one_stays_on_this_site(world: SimpleNamespace) -> None:
    for wanted, path in NEXT.items():
        answer = world.app.test_client().post(
            "/login/", query_string={"next": wanted}, data={"username": "ann", "password": PASSWORD}
        )
        assert (wanted, answer.status_code, answer.location) == (wanted, 302, path)


def test_events_tell_of_log_ins(login: Enter, token: Token, world: SimpleNamespace) -> None:
    world.app.test_client().post("/login/", data={"username": "nobody<b>", "password": "x" * 12})
    login("ann").post("/logout/")
    token("ann")
    with world.app.app_context():
        rows = session.execute(
            sa.select(SecurityEvent.kind, SecurityEvent.user_id, SecurityEvent.username).order_by(SecurityEvent.id)
        ).all()
    ann = world.users["ann"]
    assert [tuple(row) for row in rows] == [
        ("login.failed", None, "nobody<b>"),
        ("login.succeeded", ann, None),
        ("logout", ann, None),
        ("login.succeeded", ann, None),
    ]
