"""A small application with security alone: two companies, an owned model with a screen and REST, both databases."""

import datetime as dt
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, jsonify, request
from flask.testing import FlaskClient
from jinja2 import DictLoader

import config
from app.companies.enablement import switch
from app.companies.models import Membership, Scope
from app.companies.opening import open_company
from app.database.base import Model
from app.database.session import as_company, commit, db, rollback, session, set_active_company
from app.errors import AppError
from app.extensions import new_appbuilder
from app.security.install import install_security
from app.security.logins import current_login
from app.security.manager import AddonMenu, SecurityManager
from app.security.passwords import keep_given_password
from app.security.roles import CRUD, Role
from app.security.sync import sync_security
from tests.app.security.papers import RESOURCE, ClosedView, PaperApi, PaperView

PASSWORD = "correct horse 1"
POSTGRESQL = os.environ.get("TEST_POSTGRESQL_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/test.db"
        return
    name = f"zg_security_{os.getpid()}"
    server = sa.create_engine(POSTGRESQL + "postgres", isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    yield POSTGRESQL + name
    with server.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture
def settings() -> dict[str, Any]:
    """What a test module may override."""
    return {}


@pytest.fixture
def app(database_url: str, settings: dict[str, Any]) -> Iterator[Flask]:
    """The application, its tables and its roles."""
    made = _new_app(database_url, settings)
    with made.app_context():
        Model.metadata.create_all(db.engine)
        grants = {RESOURCE: CRUD, "visits.Visit": CRUD}
        sync_security([Role("clerk", "Clerk", grants), Role("reader", "Reader", {RESOURCE: ("list",)}),
                       Role("nobody", "Nobody", {})], {RESOURCE: ("Office", RESOURCE)})
    yield made
    with made.app_context():
        db.engine.dispose()


def _new_app(url: str, settings: dict[str, Any]) -> Flask:
    app = Flask(__name__, static_folder=None)
    app.config.update(config.settings(**{
        "SECRET_KEY": "s" * 40, "SQLALCHEMY_DATABASE_URI": url, "FAB_CREATE_DB": False, "FAB_UPDATE_PERMS": False,
        "TESTING": True, "WTF_CSRF_ENABLED": False, "FAB_PASSWORD_HASH_METHOD": "pbkdf2:sha256:1000", **settings}))
    db.init_app(app)
    # The look is another room's: here a page is what it knows.
    app.jinja_loader = DictLoader({
        "security/change_password.html": "{{ form.errors }}",
        "security/account.html": "{% for login in logins %}[{{ login.sid == present }}]{% endfor %} csrf={{ csrf_token() }} ",
    })
    with app.app_context():
        appbuilder = new_appbuilder()
        appbuilder.menu = AddonMenu()
        appbuilder.security_manager_class = SecurityManager
        appbuilder.init_app(app, db.session)
        appbuilder.add_view(PaperView, RESOURCE, category="Office")
        appbuilder.add_view(ClosedView, "visits.Visit", category="Visits")
        appbuilder.add_api(PaperApi)
        install_security(app)
    app.extensions["manifests"] = {}
    _install_edge(app)
    return app


def _install_edge(app: Flask) -> None:
    """Do the least of what the web edge does."""
    @app.before_request
    def enter() -> None:
        set_active_company(None)
        login = current_login()
        set_active_company(login.company_id if login else None)

    @app.after_request
    def end(response: Any) -> Any:
        commit() if request.method == "POST" and response.status_code < 400 else rollback()
        return response

    @app.errorhandler(AppError)
    def show(error: AppError) -> Any:
        rollback()
        return jsonify(error.to_dict()), error.http_status

    app.teardown_request(lambda _error: set_active_company(None))


@pytest.fixture
def world(app: Flask) -> SimpleNamespace:
    """Two companies, the papers add-on on in the first; ann is clerk in both, bob reads in the first, eve is a stranger, root is global Admin."""
    day = dt.date(2020, 1, 1)
    with app.app_context():
        one, two = (open_company(name, code=name, on=day) for name in ("One", "Two"))
        switch("papers", one.id, on=True, depends={"papers": []})
        manager = app.appbuilder.sm  # type: ignore[attr-defined]
        users = {name: _add_user(manager, name) for name in ("ann", "bob", "eve", "root")}
        users["root"].roles = [manager.find_role("Admin")]
        for user, role, company, scope in (
            ("ann", "clerk", one, Scope.COMPANY), ("ann", "clerk", two, Scope.COMPANY),
            ("bob", "reader", one, Scope.OWN),
        ):
            session.add(Membership(
                company_id=company.id, user_id=users[user].id, role_id=manager.find_role(role).id, scope=scope))
        made = SimpleNamespace(
            app=app, one=one.id, two=two.id, day=day, users={name: user.id for name, user in users.items()})
        commit()
    return made


def _add_user(manager: SecurityManager, name: str) -> Any:
    user = manager.add_user(name, name, name, f"{name}@example.test", [], PASSWORD)
    keep_given_password(user)
    return user


@pytest.fixture
def login(world: SimpleNamespace) -> Callable[..., FlaskClient]:
    """Log in by the page and return the client."""
    def enter(user: str, password: str = PASSWORD) -> FlaskClient:
        client: FlaskClient = world.app.test_client()
        answer = client.post("/login/", data={"username": user, "password": password})
        assert answer.status_code == 302, answer.text
        return client
    return enter


@pytest.fixture
def token(world: SimpleNamespace) -> Callable[..., dict[str, str]]:
    """Log in by REST and return the answer."""
    def enter(user: str, password: str = PASSWORD) -> dict[str, str]:
        answer = world.app.test_client().post("/api/v1/security/login", json={
            "username": user, "password": password, "provider": "db", "refresh": True})
        assert answer.status_code == 200, answer.text
        found: dict[str, str] = answer.json
        return found
    return enter


@pytest.fixture
def run_in(world: SimpleNamespace) -> Callable[..., Any]:
    """Run a function in a fresh context of a company and commit."""
    def run(company_id: int | None, function: Callable[[], Any]) -> Any:
        with world.app.app_context(), as_company(company_id):
            result = function()
            commit()
            return result
    return run
