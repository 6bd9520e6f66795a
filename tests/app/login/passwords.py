"""Logging in with a name and a password that the directory may know."""

from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.app.login.conftest import is_logged_in

WRONG = "wrong in both"


def by_page(world: Any, name: str, password: str) -> tuple[FlaskClient, Any]:
    """Log in by the page; return the browser and the answer."""
    client = world.app.test_client()
    return client, client.post("/login/", data={"username": name, "password": password})


def by_rest(world: Any, name: str, password: str, **more: str) -> Any:
    """Ask for tokens."""
    given = {"username": name, "password": password, "provider": "db", **more}
    return world.app.test_client().post("/api/v1/security/login", json=given)


def opens(world: Any, name: str, password: str) -> bool:
    """Tell whether page and REST both let in, or both do not."""
    client, answer = by_page(world, name, password)
    page, rest = is_logged_in(client), by_rest(world, name, password)
    assert page is (answer.status_code == 302) is (rest.status_code == 200)
    assert answer.status_code < 500
    return page


def linked(run_in: Any) -> list[tuple[str, str]]:
    """Return the names of those who come from the directory, with their ids there."""
    from app.database.session import session
    from app.security.models import ExternalIdentity

    found = sa.select(ExternalIdentity).order_by(ExternalIdentity.id)
    return run_in(None, lambda: [(one.user.username, one.subject) for one in session.scalars(found)])


def kept_password(run_in: Any, name: str) -> str | None:
    """Return the hash that is stored of a user's password."""
    from flask_appbuilder.security.sqla.models import User

    from app.database.session import session

    return run_in(None, lambda: session.scalar(sa.select(User.password).where(User.username == name)))
