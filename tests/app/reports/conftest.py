"""A small application with security alone, two companies with deals, on both databases; made once, as tests read it."""

import datetime as dt
import os
from collections.abc import Callable, Iterator
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

import config
from app.companies.models import Membership, Scope
from app.companies.opening import open_company
from app.database.base import Model
from app.database.session import as_company, commit, db, session
from app.extensions import new_appbuilder
from app.security.install import install_security
from app.security.manager import AddonMenu, SecurityManager
from app.security.roles import CRUD, Role
from app.security.sync import sync_security
from tests.app.reports.deals import Deal, Stage
from tests.databases import POSTGRES, create_database, drop_database

ZONE = ZoneInfo("Asia/Shanghai")
DAY = dt.date(2026, 3, 2)


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs("postgresql"))])
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('reports')}/test.db"
        return
    name = f"zg_reports_{os.getpid()}"
    create_database(name)
    yield POSTGRES.set(database=name).render_as_string(hide_password=False)
    drop_database(name)


@pytest.fixture(scope="session")
def app(database_url: str) -> Iterator[Flask]:
    """The application, its tables and its roles."""
    made = Flask(__name__, static_folder=None)
    made.config.update(
        config.settings(
            SECRET_KEY="s" * 40,
            SQLALCHEMY_DATABASE_URI=database_url,
            FAB_CREATE_DB=False,
            FAB_UPDATE_PERMS=False,
            TESTING=True,
            WTF_CSRF_ENABLED=False,
        )
    )
    db.init_app(made)
    with made.app_context():
        appbuilder = new_appbuilder()
        appbuilder.menu = AddonMenu()
        appbuilder.security_manager_class = SecurityManager
        appbuilder.init_app(made, db.session)
        install_security(made)
        Model.metadata.create_all(db.engine)
        sync_security([Role("seller", "Seller", {"deals.Deal": CRUD})], {})
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def world(app: Flask) -> SimpleNamespace:
    """Two companies with three deals each, a tenth apart; ann sees all of the first, bob his own, eve nothing."""
    with app.app_context():
        manager = app.appbuilder.sm
        one, two = (open_company(name, code=name, on=dt.date(2026, 1, 1)) for name in ("One", "Two"))
        users = {
            name: manager.add_user(name, name, name, f"{name}@example.test", [], "x") for name in ("ann", "bob", "eve")
        }
        role = manager.find_role("seller")
        for name, scope in (("ann", Scope.COMPANY), ("bob", Scope.OWN)):
            session.add(Membership(company_id=one.id, user_id=users[name].id, role_id=role.id, scope=scope))
        made = SimpleNamespace(app=app, one=one.id, two=two.id, users={name: user.id for name, user in users.items()})
        commit()
    for company_id, amounts in ((made.one, ("0.10", "0.20", "0.30")), (made.two, ("7.00", "8.00", "9.00"))):
        with app.app_context(), as_company(company_id):
            for hours, amount in enumerate(amounts):
                # The second deal closes on 3 March in Shanghai, though it is still 2 March in London.
                at = dt.datetime(2026, 3, 2, 8, tzinfo=dt.UTC) + dt.timedelta(hours=8 * hours)
                stage = Stage.WON if hours == 2 else Stage.OPEN
                session.add(Deal(title=f"交易{hours}", amount=Decimal(amount), closed_at=at, stage=stage))
            commit()
    return made


@pytest.fixture(scope="session")
def run_in(world: SimpleNamespace) -> Callable[..., Any]:
    """Run a function in a fresh context of a company and commit."""

    def run(company_id: int | None, function: Callable[[], Any]) -> Any:
        with world.app.app_context(), as_company(company_id):
            result = function()
            commit()
            return result

    return run
