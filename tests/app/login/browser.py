"""What a browser does at the identity provider, and what is found in the database afterwards."""

from typing import Any
from urllib.parse import urlsplit

import requests
import sqlalchemy as sa
from flask.testing import FlaskClient

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


def make_global_administrator(run_in: Any) -> None:
    from flask import current_app
    from flask_appbuilder.security.sqla.models import User

    from app.database.session import session

    def give() -> None:
        root = session.scalars(sa.select(User).where(User.username == "root")).one()
        root.roles = [current_app.appbuilder.sm.find_role("Admin")]  # type: ignore[attr-defined]

    run_in(None, give)
