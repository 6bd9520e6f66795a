"""How tests get in without the log-in page, of which tests/app/login and tests/app/security are the proof."""

import sqlalchemy as sa
from flask import Flask
from flask import session as cookie
from flask.testing import FlaskClient


def enter(app: Flask, username: str, company_id: int | None = None) -> FlaskClient:
    """Begin a session as the page does once the password is right, without its requests."""
    from app.companies.memberships import is_member
    from app.database.session import as_company, commit, session
    from app.security.login_view import begin_session
    from app.security.models import Login

    client: FlaskClient = app.test_client()
    with app.test_request_context(environ_base=client.environ_base), as_company(None):
        manager = app.appbuilder.sm  # type: ignore[attr-defined]
        user = manager.find_user(username)
        assert user is not None, f"nobody is called {username}"
        begin_session(manager.logged_in(user))
        if company_id is not None:
            assert is_member(user.id, company_id), f"{username} is no member of company {company_id}"
            session.execute(sa.update(Login).where(Login.sid == cookie["sid"]).values(company_id=company_id))
            cookie["company_id"] = company_id
        commit()
        begun = dict(cookie)
    with client.session_transaction() as own:
        own.update(begun)
    return client
