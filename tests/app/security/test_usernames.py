"""User names: initials, and what is still free."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import Role, User

from app.database.session import session
from app.security.usernames import free_username, initials


@pytest.mark.rule("S:CORE-01")
@pytest.mark.parametrize(
    ("name", "username"),
    [("张帅", "zs"), ("欧阳娜娜", "oynn"), ("Anna Lee", "al"), ("李Anna", "la"), ("", ""), ("42", "")],
)
def test_initials(name: str, username: str) -> None:
    assert initials(name) == username


@pytest.mark.rule("S:CORE-01")
def test_a_taken_name_is_refused_and_another_offered(
    login: Callable[..., Any], run_in: Callable[..., Any], world: SimpleNamespace
) -> None:
    def taken(*names: str) -> None:
        session.add_all(User(username=name, first_name="A", last_name="B", email=f"{name}@x.test") for name in names)

    assert run_in(None, lambda: free_username("zs")) == "zs"
    run_in(None, lambda: taken("zs", "ZS2", "zs_x", "100%"))
    assert run_in(None, lambda: [free_username(name) for name in ("zs", " ZS ", "z", "100%", "10")]) == [
        "zs3",
        "zs3",
        "z",
        "100%2",
        "10",
    ]
    role = run_in(None, lambda: session.scalar(sa.select(Role.id).where(Role.name == "Public")))
    answer = login("root").post(
        "/users/add",
        data={
            "first_name": "帅",
            "last_name": "张",
            "username": "Zs",
            "active": "y",
            "email": "z@example.test",
            "roles": [str(role)],
            "password": "correct horse 2",
            "conf_password": "correct horse 2",
        },
    )
    assert "The user name Zs is taken; zs3 is free." in answer.text
    assert run_in(None, lambda: session.scalar(sa.select(User.id).where(User.email == "z@example.test"))) is None
