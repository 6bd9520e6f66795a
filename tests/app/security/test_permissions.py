"""Who may do what, per company: FAB's doors, services, the menu."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.companies.models import Company, Membership
from app.database.session import session
from tests.app.security.papers import RESOURCE

Login = Callable[..., FlaskClient]


@pytest.mark.rule("S:CORE-04")
@pytest.mark.parametrize(("user", "status"), [("ann", 200), ("bob", 200), ("eve", 403), ("root", 403)])
def test_a_screen_opens_for_a_role_held_in_the_company(login: Login, user: str, status: int) -> None:
    # Root holds Admin globally, which opens no business screen: he is in no company.
    assert login(user).get("/papers/list").status_code == status


@pytest.mark.parametrize(("user", "status"), [("ann", 403), ("root", 200)])
def test_the_users_screen_is_for_platform_administrators(login: Login, user: str, status: int) -> None:
    assert login(user).get("/users/list/").status_code == status
