"""A small application with security alone: two companies, an owned model with a screen and REST, both databases."""

import datetime as dt
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, jsonify, request
from flask.testing import FlaskClient
from jinja2 import DictLoader

import app.masterdata.models  # Grants point at partners.
import config
from app.companies.enablement import switch
from app.companies.memberships import add_membership
from app.companies.models import Scope
from app.companies.opening import open_company
from app.database.base import Model
from app.database.session import as_company, commit, db, rollback, set_active_company
from app.errors import AppError
from app.extensions import new_appbuilder
from app.security.install import install_security
from app.security.logins import current_login
from app.security.manager import AddonMenu, SecurityManager
from app.security.passwords import keep_given_password
from app.security.roles import CRUD, Role
from app.security.sync import sync_security
from app.web import edge
from tests.app.security.papers import RESOURCE, ClosedView, PaperApi, PaperView
from tests.databases import POSTGRES, OriginalRows, create_database, drop_database

PASSWORD = "correct horse 1"


class Original:
    """A database with the world in it, built once and copied for each test."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.kind, self.file = kind, folder / "test.db"
        self.name = f"zg_security_{os.getpid()}"
        self.world: dict[str, Any] = {}

    @property
    def url(self) -> str:
        """Where the copy is."""
        if self.kind == "sqlite":
            return f"sqlite:///{self.file}"
        return POSTGRES.set(database=self.name).render_as_string(hide_password=False)

    def build(self) -> None:
        """Write tables, roles and the world, and put the result aside."""
        if self.kind == "postgresql":
            create_database(self.name)
        app = _new_app(self.url, {})
        with app.app_context():
            self.world = _build_world(app)
            db.session.remove()
            db.engine.dispose()
        if self.kind == "postgresql":
            self.rows = OriginalRows(self.name)
        else:
            self.file.rename(f"{self.file}.original")

    def copy(self) -> None:
        """Put a fresh copy in place."""
        if self.kind == "postgresql":
            assert self.rows.put_back()
            return
        for suffix in ("-wal", "-shm"):
            Path(f"{self.file}{suffix}").unlink(missing_ok=True)
        shutil.copy(f"{self.file}.original", self.file)

    def drop(self) -> None:
        """Leave nothing behind on the server."""
        if self.kind == "postgresql":
            self.rows.close()
            drop_database(self.name)


@pytest.fixture(scope="package", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs("postgresql"))])
def original(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Original]:
    """One kind of database."""
    made = Original(request.param, tmp_path_factory.mktemp(request.param))
    made.build()
    yield made
    made.drop()


@pytest.fixture
def settings() -> dict[str, Any]:
    """What a test module may override."""
    return {}


@pytest.fixture
def app(original: Original, settings: dict[str, Any]) -> Iterator[Flask]:
    """The application on a fresh copy."""
    original.copy()
    made = _new_app(original.url, settings)
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def world(app: Flask, original: Original) -> SimpleNamespace:
    """The application with the ids of what is in its database."""
    return SimpleNamespace(app=app, **original.world)


def _new_app(url: str, settings: dict[str, Any]) -> Flask:
    app = Flask(__name__, static_folder=None)
    app.config.update(
        config.settings(
            **{
                "SECRET_KEY": "s" * 40,
                "SQLALCHEMY_DATABASE_URI": url,
                "FAB_CREATE_DB": False,
                "FAB_UPDATE_PERMS": False,
                "TESTING": True,
                "WTF_CSRF_ENABLED": False,
                "FAB_PASSWORD_HASH_METHOD": "pbkdf2:sha256:1000",
                **settings,
            }
        )
    )
    edge.install_first(app)
    db.init_app(app)
    # The look is another room's: here a page is what it knows.
    app.jinja_loader = DictLoader(
        {
            "security/change_password.html": "{{ form.errors }}",
            "security/account.html": "{% for login in logins %}[{{ login.sid == present }}]{% endfor %} "
            "csrf={{ csrf_token() }} ",
            "security/roles.html": "{% for row in rows %}[{{ row.title }}]{% endfor %} {{ typed.get('title') }} "
            "{{ get_flashed_messages() }}",
            "security/role.html": "{{ stamp }}",
        }
    )
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


def _build_world(app: Flask) -> dict[str, Any]:
    """Two companies, the papers add-on on in the first.

    Ann is clerk in both, bob reads in the first, eve is a stranger, root is global Admin.
    """
    day = dt.date(2020, 1, 1)
    Model.metadata.create_all(db.engine)
    grants = {RESOURCE: CRUD, "visits.Visit": CRUD}
    sync_security(
        [Role("clerk", "Clerk", grants), Role("reader", "Reader", {RESOURCE: ("list",)}), Role("nobody", "Nobody", {})],
        {RESOURCE: ("Office", RESOURCE)},
    )
    one, two = (open_company(name, code=name, on=day) for name in ("One", "Two"))
    switch("papers", one.id, on=True, depends={"papers": []})
    manager = app.appbuilder.sm  # type: ignore[attr-defined]
    users = {name: _add_user(manager, name) for name in ("ann", "bob", "eve", "root")}
    users["root"].roles = [manager.find_role("Admin")]
    for user, role, company, scope in (
        ("ann", "clerk", one, Scope.COMPANY),
        ("ann", "clerk", two, Scope.COMPANY),
        ("bob", "reader", one, Scope.OWN),
    ):
        add_membership(company.id, user_id=users[user].id, role_id=manager.find_role(role).id, scope=scope)
    commit()
    return {"one": one.id, "two": two.id, "day": day, "users": {name: user.id for name, user in users.items()}}


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
        answer = world.app.test_client().post(
            "/api/v1/security/login", json={"username": user, "password": password, "provider": "db", "refresh": True}
        )
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
