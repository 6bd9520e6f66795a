"""Lock-out and rate limit, on the page and in REST."""

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.audit import SecurityEvent
from app.database.columns import utc_now
from app.database.session import db, session
from app.security.models import Account
from tests.app.security.conftest import PASSWORD

Try = Callable[[FlaskClient, str, str], Any]


def by_page(client: FlaskClient, user: str, password: str) -> Any:
    """Log in on the page."""
    return client.post("/login/", data={"username": user, "password": password})


def by_rest(client: FlaskClient, user: str, password: str) -> Any:
    """Log in by REST."""
    return client.post("/api/v1/security/login", json={"username": user, "password": password, "provider": "db"})


DOORS = pytest.mark.parametrize(("attempt", "passed"), [(by_page, 302), (by_rest, 200)])


@pytest.mark.rule("S:CORE-03")
@DOORS
def test_five_failures_lock_for_fifteen_minutes(world: SimpleNamespace, run_in: Any, attempt: Try, passed: int) -> None:
    client = world.app.test_client()
    refused = [attempt(client, "ann", f"wrong password {number}") for number in range(5)]
    locked = attempt(client, "ann", PASSWORD)
    assert {answer.status_code for answer in (*refused, locked)} == {401}
    if attempt is by_rest:  # The page differs in its forgery token.
        assert {answer.text for answer in refused} == {locked.text}
    account = run_in(None, lambda: _account(world.users["ann"]))
    assert dt.timedelta(minutes=14) < account["locked_until"] - utc_now() <= dt.timedelta(minutes=15)
    assert attempt(world.app.test_client(), "bob", PASSWORD).status_code == passed  # Nobody else is locked.
    over = utc_now() - dt.timedelta(seconds=1)
    run_in(None, lambda: session.execute(sa.update(Account).values(locked_until=over)))
    assert attempt(client, "ann", PASSWORD).status_code == passed
    assert run_in(None, lambda: _account(world.users["ann"])) == {"failures": 0, "locked_until": None}
    with world.app.app_context():
        kinds = session.scalars(sa.select(SecurityEvent.kind).order_by(SecurityEvent.id)).all()
    assert kinds.count("login.failed") == 6
    assert kinds.count("login.locked") == 1


@DOORS
def test_a_log_in_forgets_earlier_failures(world: SimpleNamespace, run_in: Any, attempt: Try, passed: int) -> None:
    client = world.app.test_client()
    for _round in range(3):
        for _failure in range(4):
            assert attempt(world.app.test_client(), "ann", "wrong").status_code == 401
        assert attempt(client, "ann", PASSWORD).status_code == passed
        client = world.app.test_client()
    assert run_in(None, lambda: _account(world.users["ann"])) == {"failures": 0, "locked_until": None}


@DOORS
def test_whatever_is_wrong_looks_the_same(world: SimpleNamespace, attempt: Try, passed: int) -> None:
    client = world.app.test_client()
    names = ("ann", "nobody", "ann@example.test", "'; DROP TABLE ab_user; --", "一" * 200, "a\x01b")
    answers = [attempt(client, name, "wrong") for name in names]
    assert {answer.status_code for answer in answers} == {401}
    assert attempt(client, "ANN", PASSWORD).status_code == passed  # Upper and lower case are the same name.


@pytest.mark.parametrize("password", ["", "\x00", "\x00\x00\x00"])
def test_an_empty_password_never_fits(world: SimpleNamespace, password: str) -> None:
    assert by_rest(world.app.test_client(), "ann", password).status_code in (400, 401)
    assert by_page(world.app.test_client(), "ann", password).status_code in (200, 401)


class TestRateLimit:
    """Three tries a minute and address, over both doors."""

    @pytest.fixture
    def settings(self) -> dict[str, Any]:
        """A limit that a test can reach."""
        return {"LOGIN_RATE_LIMIT": "3 per minute"}

    def test_both_doors_share_it(self, world: SimpleNamespace) -> None:
        client = world.app.test_client()
        assert [by_page(client, "ann", "wrong").status_code for _try in range(2)] == [401, 401]
        assert by_rest(client, "ann", "wrong").status_code == 401
        page, rest = by_page(client, "ann", PASSWORD), by_rest(client, "ann", PASSWORD)
        assert (page.status_code, rest.status_code) == (429, 429)
        assert rest.json["error"] == "security.too_many_attempts"
        assert rest.json["data"]["limit"] == "3 per 1 minute"
        assert 0 < int(rest.headers["Retry-After"]) <= 60
        assert client.get("/login/").status_code == 200  # Looking costs nothing.
        other = {"REMOTE_ADDR": "10.0.0.9"}
        answer = client.post("/login/", data={"username": "ann", "password": PASSWORD}, environ_base=other)
        assert answer.status_code == 302


def _account(user_id: int) -> dict[str, Any]:
    row = session.execute(sa.select(Account.failures, Account.locked_until).where(Account.user_id == user_id)).one()
    return dict(row._mapping)


@pytest.mark.rule("S:CORE-03")
def test_of_many_guesses_at_once_each_one_counts(world: SimpleNamespace, run_in: Any) -> None:
    def guess(number: int) -> int:
        status: int = by_rest(world.app.test_client(), "ann", f"guess {number}").status_code
        return status

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(guess, range(4))) == {401}
    assert run_in(None, lambda: _account(world.users["ann"])) == {"failures": 4, "locked_until": None}


@pytest.mark.rule("S:CORE-03")
def test_of_two_first_failures_at_once_both_count(world: SimpleNamespace, run_in: Any) -> None:
    run_in(None, lambda: session.execute(sa.delete(Account)))

    def come_first(connection: sa.Connection, _name: str) -> None:
        connection.execute(sa.insert(Account).values(user_id=world.users["ann"], failures=1))

    with world.app.app_context():
        sa.event.listen(db.engine, "savepoint", come_first, once=True)  # After the update has found no row.
    assert by_rest(world.app.test_client(), "ann", "wrong").status_code == 401
    assert run_in(None, lambda: _account(world.users["ann"])) == {"failures": 2, "locked_until": None}
