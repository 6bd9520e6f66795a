"""The password policy, the history, and the forced change."""

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from flask_appbuilder.security.sqla.models import User
from werkzeug.security import check_password_hash

from app.database.columns import utc_now
from app.database.session import session
from app.errors import ValidationError
from app.security.models import Account, FormerPassword
from app.security.passwords import check_password, set_password
from tests.app.security.conftest import PASSWORD

Enter = Callable[..., FlaskClient]
Run = Callable[..., Any]
NEW = "brand new secret 2"


POLICY = {
    "short1!": "password.length",
    "x1" * 101: "password.length",
    "": "password.length",
    "abcdefghij": "password.common",
    "lettersonlyx": "password.mix",
    "13579246801": "password.mix",
    "password123": "password.common",
    "PassWord123": "password.common",
    "ｐａｓｓｗｏｒｄ１２３": "password.common",
    "5201314woaini": "password.common",
    "a1a1a1a1a1a1": "password.common",
    "ZhangWei2026!": "password.username",
    "correct horse 1": None,
    "seventeen letters": None,
    "只要够长就可以的一句话密码没问题吧": None,
    "三个汉字加数字12345": None,
}


@pytest.mark.rule("S:CORE-03")
def test_the_policy() -> None:
    app = Flask(__name__)
    app.config["PASSWORD_MINIMUM_LENGTH"] = 10
    with app.app_context():
        assert {password: _refusal(password) for password in POLICY} == POLICY


def _refusal(password: str) -> str | None:
    try:
        check_password(password, username="zhangwei")
    except ValidationError as refusal:
        return refusal.code
    return None


@pytest.mark.rule("S:CORE-02")
def test_a_given_password_must_be_changed_first(login: Enter, world: SimpleNamespace, run_in: Run) -> None:
    run_in(None, lambda: set_password(_user("ann"), "given by root 1", must_change=True))
    ann = login("ann", "given by root 1")
    assert ann.get("/papers/list?a=1").location == "/account/password?next=/papers/list?a%3D1"
    assert ann.post("/papers/write").location == "/account/password"
    answer = ann.get("/api/v1/papers/")
    assert (answer.status_code, answer.json["error"]) == (403, "security.password_change")
    assert ann.get("/account/password").status_code == 200
    changed = ann.post(
        "/account/password",
        query_string={"next": "/papers/list"},
        data={"current": "given by root 1", "new": NEW, "repeated": NEW},
    )
    assert (changed.status_code, changed.location) == (302, "/papers/list")
    assert ann.get("/papers/list").status_code == 200
    assert login("ann", NEW).get("/papers/list").status_code == 200


@pytest.mark.rule("S:CORE-02")
def test_a_token_too_is_stopped_until_the_password_is_changed(token: Any, world: SimpleNamespace, run_in: Run) -> None:
    run_in(None, lambda: set_password(_user("ann"), "given by root 1", must_change=True))
    client = world.app.test_client()
    header = {"Authorization": f"Bearer {token('ann', 'given by root 1')['access_token']}"}
    assert client.get("/api/v1/papers/", headers=header).json["error"] == "security.password_change"
    for body, field in (
        ({}, "new"),
        ([], "new"),
        ({"current": "x", "new": NEW}, "current"),
        ({"current": "given by root 1", "new": "short"}, "new"),
        ({"current": 1, "new": None}, "new"),
    ):
        answer = client.post("/api/v1/security/password", headers=header, json=body)
        assert (answer.status_code, answer.json["field"]) == (422, field)
    answer = client.post("/api/v1/security/password", headers=header, json={"current": "given by root 1", "new": NEW})
    assert answer.status_code == 200
    assert client.get("/api/v1/papers/", headers=header).json == {"user": "ann"}


@pytest.mark.rule("S:CORE-03")
def test_day_91_asks_for_a_new_password(login: Enter, world: SimpleNamespace, run_in: Run) -> None:
    ann = login("ann")

    def grow_old(days: int) -> None:
        run_in(
            None,
            lambda: session.execute(
                sa.update(Account).values(changed_at=utc_now() - dt.timedelta(days=days, minutes=-1))
            ),
        )

    grow_old(90)
    assert ann.get("/papers/list").status_code == 200
    grow_old(91)
    assert ann.get("/papers/list").location.startswith("/account/password")


@pytest.mark.rule("S:CORE-03")
def test_the_last_three_passwords_are_refused(login: Enter, world: SimpleNamespace, run_in: Run) -> None:
    ann, used = login("ann"), PASSWORD

    def change(new: str, current: str = "") -> Any:
        return ann.post("/account/password", data={"current": current or used, "new": new, "repeated": new})

    for number in range(2):
        assert change(f"{NEW}{number}").status_code == 302
        used = f"{NEW}{number}"
    before = run_in(None, lambda: _user("ann").password)
    for former in (PASSWORD, f"{NEW}0", f"{NEW}1"):
        answer = change(former)
        assert answer.status_code == 422
        assert "last 3 passwords" in answer.text
    assert run_in(None, lambda: _user("ann").password) == before
    assert change(f"{NEW}9").status_code == 302
    used = f"{NEW}9"
    assert change(PASSWORD).status_code == 302  # The fourth last may come back.


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        ({"current": "not mine at all", "new": NEW, "repeated": NEW}, "current"),
        ({"current": PASSWORD, "new": NEW, "repeated": "other"}, "repeated"),
        ({"current": PASSWORD, "new": "short", "repeated": "short"}, "new"),
        ({"current": PASSWORD, "new": "", "repeated": ""}, "new"),
        ({}, "current"),
    ],
)
def test_a_refused_change_names_the_field_and_changes_nothing(
    login: Enter, world: SimpleNamespace, run_in: Run, data: dict[str, str], wrong: str
) -> None:
    answer = login("ann").post("/account/password", data=data)
    assert (answer.status_code, f"'{wrong}'" in answer.text or f"&#39;{wrong}&#39;" in answer.text) == (422, True)
    assert run_in(None, lambda: session.scalar(sa.select(sa.func.count()).select_from(FormerPassword))) == 4
    assert login("ann").get("/papers/list").status_code == 200


def test_a_changed_password_ends_the_other_log_ins(login: Enter, token: Any, world: SimpleNamespace) -> None:
    here, there = login("ann"), login("ann")
    header = {"Authorization": f"Bearer {token('ann')['access_token']}"}
    assert here.post("/account/password", data={"current": PASSWORD, "new": NEW, "repeated": NEW}).status_code == 302
    assert (here.get("/papers/list").status_code, there.get("/papers/list").status_code) == (200, 302)
    assert world.app.test_client().get("/api/v1/papers/", headers=header).status_code == 401


def test_an_administrator_resets_a_password(login: Enter, world: SimpleNamespace, run_in: Run) -> None:
    ann, root = login("ann"), login("root")
    path = f"/resetpassword/form?pk={world.users['ann']}"
    weak = root.post(path, data={"password": "weak", "conf_password": "weak"})
    assert (weak.status_code, "10 to 200" in weak.text) == (200, True)
    assert ann.get("/papers/list").status_code == 200
    root.post(path, data={"password": NEW, "conf_password": NEW})
    assert ann.get("/papers/list").status_code == 302
    assert login("ann", NEW).get("/papers/list").location.startswith("/account/password")
    assert root.get("/papers/list").status_code == 403
    assert root.post("/resetpassword/form?pk=999", data={"password": NEW, "conf_password": NEW}).status_code == 404


def test_a_user_made_on_the_screen_must_change_the_password(login: Enter, world: SimpleNamespace, run_in: Run) -> None:
    data = {
        "first_name": "New",
        "last_name": "User",
        "username": "newbie",
        "active": "y",
        "email": "n@example.test",
        "roles": [str(run_in(None, lambda: _role_id("Public")))],
        "password": "weak",
        "conf_password": "weak",
    }
    root = login("root")
    root.post("/users/add", data=data)
    assert run_in(None, lambda: session.scalar(sa.select(User.id).where(User.username == "newbie"))) is None
    root.post("/users/add", data={**data, "password": NEW, "conf_password": NEW})
    assert login("newbie", NEW).get("/papers/list").location.startswith("/account/password")


def _user(name: str) -> User:
    return session.scalars(sa.select(User).where(User.username == name)).one()


def _role_id(name: str) -> int:
    from flask_appbuilder.security.sqla.models import Role

    return session.scalars(sa.select(Role.id).where(Role.name == name)).one()


@pytest.mark.rule("S:CORE-03")
@pytest.mark.parametrize("by", ["page", "rest"])
def test_the_present_password_is_guessed_five_times_and_no_more(login: Enter, token: Any, by: str) -> None:
    """Whoever finds a browser open, or a token, cannot try until one fits."""
    client = login("ann", PASSWORD)
    bearer = {"Authorization": f"Bearer {token('ann')['access_token']}"}

    def change(current: str) -> Any:
        values = {"current": current, "new": NEW}
        if by == "page":
            return client.post("/account/password", data={**values, "repeated": NEW})
        return client.application.test_client().post("/api/v1/security/password", json=values, headers=bearer)

    guesses = [change(f"wrong guess {number}") for number in range(5)]
    right = change(PASSWORD)

    assert {answer.status_code for answer in guesses} == {422}
    assert all("not your present password" in answer.text for answer in guesses)
    assert right.status_code in (403, 422)
    assert "Too many wrong passwords" in right.text
    with client.application.app_context():
        assert check_password_hash(_user("ann").password, PASSWORD)
