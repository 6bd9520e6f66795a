"""The second factor: enrolment, log-in by page and by REST, recovery codes, and who must have one (S:CORE-03)."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pyotp
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.database.columns import utc_now
from tests.world import FIRST_DAY, PASSWORD

pytestmark = pytest.mark.by_turns

Login = Callable[..., FlaskClient]
PAGE = "/account/second-factor/"
CODE = re.compile(r"<code class=\"key\">([a-z0-9-]+)</code>")


def enrol(client: FlaskClient, world: Any, run_in: Any, name: str) -> tuple[pyotp.TOTP, list[str]]:
    """Turn the second factor of a user on; return his app and his recovery codes."""
    assert client.post(f"{PAGE}begin", data={"password": PASSWORD}).status_code == 302
    page = client.get(PAGE).text
    secret = run_in(None, lambda: _factor(world, name).secret)
    assert f'<code class="key">{secret}</code>' in page
    assert "<svg" in page
    app = pyotp.TOTP(secret)
    answer = client.post(f"{PAGE}confirm", data={"code": app.now()})
    assert answer.status_code == 200, answer.text
    return app, CODE.findall(answer.text)


def _factor(world: Any, name: str) -> Any:
    from app.database.session import session
    from app.security.models import SecondFactor

    return session.scalars(sa.select(SecondFactor).where(SecondFactor.user_id == world.users[name])).one()


def later(app: pyotp.TOTP, seconds: int = 30) -> str:
    """Return a code that has not been used: that of the next half minute, which the server takes too."""
    return app.at(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds))


def by_page(world: Any, name: str, code: str | None) -> tuple[FlaskClient, Any]:
    """Log in with password and code; return the browser and the last answer."""
    client = world.app.test_client()
    answer = client.post("/login/?next=/account/", data={"username": name, "password": PASSWORD})
    assert answer.location == "/login/code?next=/account/"
    return client, answer if code is None else client.post(answer.location, data={"code": code})


def by_rest(world: Any, name: str, **more: str) -> Any:
    """Ask for tokens."""
    given = {"username": name, "password": PASSWORD, "provider": "db", **more}
    return world.app.test_client().post("/api/v1/security/login", json=given)


def events(run_in: Any, *kinds: str) -> list[tuple[str, int | None]]:
    """Return the security events of these kinds."""
    from app.audit import SecurityEvent
    from app.database.session import session

    found = sa.select(SecurityEvent.kind, SecurityEvent.user_id).where(SecurityEvent.kind.in_(kinds))
    return run_in(None, lambda: [tuple(row) for row in session.execute(found.order_by(SecurityEvent.id))])


@pytest.mark.rule("S:CORE-03")
def test_after_enrolment_the_password_alone_opens_nothing(login: Login, world: Any, run_in: Any) -> None:
    app, _codes = enrol(login("ann"), world, run_in, "ann")

    half, _answer = by_page(world, "ann", None)
    assert half.get("/account/").location.startswith("/login/")
    assert half.get("/api/v1/visits/visit/").status_code == 401
    client, answer = by_page(world, "ann", later(app))

    assert (answer.status_code, answer.location) == (302, "/account/")
    assert client.get("/account/").status_code == 200
    assert events(run_in, "second_factor.on") == [("second_factor.on", world.users["ann"])]


def test_a_code_opens_once(login: Login, world: Any, run_in: Any) -> None:
    app, _codes = enrol(login("ann"), world, run_in, "ann")
    code = later(app)
    assert by_page(world, "ann", code)[1].status_code == 302

    client, answer = by_page(world, "ann", code)

    assert answer.status_code == 401
    assert client.get("/account/").status_code == 302
    assert by_rest(world, "ann", code=code).status_code == 401


def test_the_code_of_another_time_or_key_is_refused(login: Login, world: Any, run_in: Any) -> None:
    app, _codes = enrol(login("ann"), world, run_in, "ann")
    for code in (later(app, 300), later(app, -300), pyotp.TOTP(pyotp.random_base32()).now(), "", " ", "１２３４５６"):
        assert by_page(world, "ann", code)[1].status_code in (401, 422), code


def test_a_recovery_code_opens_once(login: Login, world: Any, run_in: Any) -> None:
    _app, codes = enrol(login("ann"), world, run_in, "ann")
    assert len(set(codes)) == 10

    assert by_page(world, "ann", codes[3].upper().replace("-", " "))[1].status_code == 302
    assert by_page(world, "ann", codes[3])[1].status_code == 401
    client, answer = by_page(world, "ann", codes[4])

    assert answer.status_code == 302
    assert "Recovery codes left: 8" in client.get(PAGE).text
    stored = run_in(None, _stored_codes)
    assert not [code for code in codes for kept in stored if code.replace("-", "") in kept]


def _stored_codes() -> list[str]:
    from app.database.session import session
    from app.security.models import RecoveryCode

    return list(session.scalars(sa.select(RecoveryCode.code_hash)))


def test_new_recovery_codes_void_the_old_ones(login: Login, world: Any, run_in: Any) -> None:
    client = login("ann")
    _app, codes = enrol(client, world, run_in, "ann")
    assert client.post(f"{PAGE}codes", data={"password": "wrong"}).status_code == 422

    fresh = CODE.findall(client.post(f"{PAGE}codes", data={"password": PASSWORD}).text)

    assert len(set(fresh) - set(codes)) == 10
    assert by_page(world, "ann", codes[0])[1].status_code == 401
    assert by_page(world, "ann", fresh[0])[1].status_code == 302


@pytest.mark.rule("S:CORE-03")
def test_five_wrong_codes_lock_the_account_whatever_the_password_does(login: Login, world: Any, run_in: Any) -> None:
    app, _codes = enrol(login("ann"), world, run_in, "ann")
    for number in range(5):  # The right password in between does not begin the count anew.
        assert by_page(world, "ann", f"00000{number}")[1].status_code == 401

    locked = world.app.test_client().post("/login/", data={"username": "ann", "password": PASSWORD})

    assert locked.status_code == 401
    assert by_rest(world, "ann", code=later(app)).status_code == 401
    assert events(run_in, "login.locked") == [("login.locked", world.users["ann"])]


def test_rest_takes_the_code_too(login: Login, world: Any, run_in: Any) -> None:
    app, _codes = enrol(login("ann"), world, run_in, "ann")

    without = by_rest(world, "ann")
    wrong = by_rest(world, "ann", code="000000")
    right = by_rest(world, "ann", code=later(app), refresh=True)

    assert (without.status_code, without.json["error"]) == (401, "security.code_needed")
    assert wrong.status_code == 401
    assert set(right.json) == {"access_token", "refresh_token"}


def test_a_first_code_that_does_not_fit_turns_nothing_on(login: Login, world: Any, run_in: Any) -> None:
    client = login("ann")
    client.post(f"{PAGE}begin", data={"password": PASSWORD})

    answer = client.post(f"{PAGE}confirm", data={"code": "000000"})

    assert answer.status_code == 422
    assert "This code does not fit" in answer.text
    assert run_in(None, lambda: _factor(world, "ann").confirmed_at) is None
    login("ann")  # The password alone still does.


def test_steps_out_of_order_are_answered(login: Login, world: Any, run_in: Any) -> None:
    client = login("ann")

    assert client.post(f"{PAGE}confirm").status_code == 409  # No key was proposed.
    client.post(f"{PAGE}begin", data={"password": PASSWORD})
    assert client.post(f"{PAGE}confirm").status_code == 422
    again = client.post(f"{PAGE}begin", data={"password": "not it"})

    assert (again.status_code, "not your present password" in again.text) == (422, True)
    assert run_in(None, lambda: _factor(world, "ann").confirmed_at) is None


def test_setting_up_takes_the_password(login: Login, world: Any, run_in: Any) -> None:
    client = login("ann")
    assert client.post(f"{PAGE}begin", data={"password": "not it"}).status_code == 422
    assert "<svg viewBox" not in client.get(PAGE).text
    app, _codes = enrol(client, world, run_in, "ann")
    assert client.post(f"{PAGE}off", data={"password": "not it"}).status_code == 422
    assert by_page(world, "ann", later(app))[1].status_code == 302
    assert client.post(f"{PAGE}off", data={"password": PASSWORD}).status_code == 302
    login("ann")


def test_the_pending_log_in_ends_with_a_change_of_password(login: Login, world: Any, run_in: Any) -> None:
    from app.database.session import session
    from app.security.models import Account

    app, _codes = enrol(login("ann"), world, run_in, "ann")
    client, answer = by_page(world, "ann", None)
    changed = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=1)
    run_in(None, lambda: session.execute(sa.update(Account).values(changed_at=changed)))

    refused = client.post(answer.location, data={"code": later(app)})

    assert refused.location.startswith("/login/?next=")
    assert client.get("/account/").status_code == 302


def decide(run_in: Any, world: Any, **values: Any) -> None:
    """Set policy values of company one."""
    from flask_appbuilder.security.sqla.models import User

    from app.database.session import session
    from app.parameters.registry import get_parameter

    def write() -> None:
        actor = session.get_one(User, world.users["root"])
        for key, value in values.items():
            get_parameter(f"security.{key}").set(value, valid_from=FIRST_DAY, actor=actor)

    run_in(world.one, write)


@pytest.mark.rule("S:CORE-03")
def test_who_handles_rights_must_have_one_when_the_grace_is_over(login: Login, world: Any, run_in: Any) -> None:
    root = login("root", world.one)
    assert "Set up a second factor for your log-in by" in root.get("/companies/members/").text
    decide(run_in, world, second_factor_grace_days=0)

    blocked = root.get("/companies/members/?edit=1")
    refused = root.post("/companies/members/admit", data={"username": "eve", "role": "x", "scope": "own"})

    assert blocked.location == "/account/second-factor/?next=/companies/members/?edit%3D1"
    assert refused.location == "/account/second-factor/"
    tokens = by_rest(world, "root").json
    answer = world.app.test_client().get(
        "/api/v1/jobs/", headers={"Authorization": f"Bearer {tokens['access_token']}", "X-Company-Id": str(world.one)}
    )
    assert (answer.status_code, answer.json["error"]) == (403, "security.second_factor")
    assert login("ann", world.one).get("/companies/members/").status_code == 403  # She gives no rights.
    enrol(root, world, run_in, "root")
    assert root.get("/companies/members/").status_code == 200


def test_the_other_company_does_not_want_one(login: Login, world: Any, run_in: Any) -> None:
    root = login("root", world.one)
    decide(run_in, world, second_factor_grace_days=0)
    assert root.get("/companies/members/").status_code == 302

    assert root.post(f"/company/{world.two}").status_code == 302

    assert root.get("/companies/members/").status_code == 200


@pytest.mark.parametrize(("policy", "blocked"), [("off", []), ("rights", ["root"]), ("all", ["ann", "root"])])
def test_the_policy_says_of_whom_it_is_wanted(
    login: Login, world: Any, run_in: Any, policy: str, blocked: list[str]
) -> None:
    from app.database.session import session
    from app.security.models import Login as LoginRow

    clients = {name: login(name, world.one) for name in ("ann", "root")}
    decide(run_in, world, second_factor=policy, second_factor_grace_days=0)
    a_while_ago = utc_now() - dt.timedelta(minutes=2)
    run_in(None, lambda: session.execute(sa.update(LoginRow).values(last_seen_at=a_while_ago)))

    answers = {name: client.get("/notices/") for name, client in clients.items()}

    assert [name for name, answer in answers.items() if answer.status_code == 302] == blocked
    assert {answer.status_code for answer in answers.values()} <= {200, 302}


def test_the_command_resets_it(login: Login, world: Any, run_in: Any) -> None:
    client = login("ann")
    enrol(client, world, run_in, "ann")

    from app.web.company_commands import user

    done = world.app.test_cli_runner().invoke(user, ["reset-second-factor", "ann"])

    assert done.exit_code == 0, done.output
    assert client.get("/account/").status_code == 302  # What was open is ended.
    login("ann")
    assert events(run_in, "second_factor.reset") == [("second_factor.reset", world.users["ann"])]
