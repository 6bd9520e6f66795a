"""A small application with jobs, events and audit alone; a worker process builds the same from its environment."""

import secrets
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_appbuilder.security.sqla.models import User
from flask_babel import Babel

import app.masterdata.models  # Grants point at partners.
from app.audit import protect_audit
from app.companies.enablement import switch
from app.companies.models import Company
from app.database.base import Model
from app.database.context import set_acting_user
from app.database.encryption import encrypt, set_personal_data_key
from app.database.row_security import secure_tables
from app.database.session import as_company, commit, db, session
from app.database.statistics import refine_statistics
from app.errors import ConfigurationError
from app.events import install_events
from app.jobs import dispatcher, install_jobs
from tests.app.jobs import notes
from tests.databases import APP, OWNER, POSTGRES, OriginalRows, create_database, drop_database, make_roles

ADDON = "dummy"


def new_app(url: str, folder: str, **settings: Any) -> Flask:
    """Build the application."""
    app = Flask("kernels")
    app.config.update(
        SQLALCHEMY_DATABASE_URI=url,
        DATA_FOLDER=folder,
        REDIS_URL="",
        JOBS_INLINE=True,
        JOBS_QUEUE="",
        JOBS_THREADS=2,
        JOB_RESULTS_KEPT_DAYS=7,
    )
    app.config.update(settings)
    _ensure_personal_data_key()
    db.init_app(app)
    Babel(app, default_locale="en")
    install_jobs(app)
    install_events(app)
    return app


def _ensure_personal_data_key() -> None:
    """Set the process's key, unless tests that ran before have data under another."""
    try:
        encrypt("x")
    except ConfigurationError:
        set_personal_data_key("k" * 40)


def postgres(role: str, database: str) -> str:
    """Return the address of a database, as a role."""
    return POSTGRES.set(username=role, database=database).render_as_string(hide_password=False)


def _fill(url: str) -> None:
    """Make the tables as their owner, with both walls and the log's triggers."""
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        Model.metadata.create_all(connection)
        secure_tables(connection, Model.metadata, APP)
        protect_audit(connection)
        refine_statistics(connection, Model.metadata)
    engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with empty tables."""
    path = tmp_path_factory.mktemp("kernels") / "template.db"
    _fill(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql_database() -> Iterator[OriginalRows]:
    """A database with empty tables, owned by a role that the application does not log in as."""
    make_roles()
    name = f"zg_kernels_{secrets.token_hex(4)}"  # Each folder that imports this fixture has its own.
    create_database(name, f"OWNER {OWNER}")
    _fill(postgres(OWNER, name))
    rows = OriginalRows(name)
    yield rows
    rows.close()
    drop_database(name)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs("postgresql"))])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database; on PostgreSQL as the role that the walls hold."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "kernels.db")
        yield f"sqlite:///{tmp_path / 'kernels.db'}"
    else:
        rows = request.getfixturevalue("postgresql_database")
        yield postgres(APP, rows.name)
        assert rows.put_back()


@pytest.fixture
def settings() -> dict[str, Any]:
    """What a test module may override."""
    return {}


@pytest.fixture
def app(database_url: str, tmp_path: Path, settings: dict[str, Any]) -> Iterator[Flask]:
    """The application."""
    made = new_app(database_url, str(tmp_path / "data"), **settings)
    yield made
    with made.app_context():
        dispatcher().close()
        db.engine.dispose()


@pytest.fixture
def world(app: Flask) -> SimpleNamespace:
    """Two companies, the dummy add-on on in the first; ann and bob."""
    with app.app_context():
        one, two = (Company(name=name, code=name, mark=name[:2], locale="en") for name in ("One", "Two"))
        users = {
            name: User(first_name=name, last_name="x", username=name, email=f"{name}@example.test", active=True)
            for name in ("ann", "bob")
        }
        session.add_all([one, two, *users.values()])
        session.flush()
        switch(ADDON, one.id, on=True, depends={ADDON: []})
        made = SimpleNamespace(one=one.id, two=two.id, users={name: user.id for name, user in users.items()})
        commit()
    return made


@pytest.fixture
def run_in(app: Flask, world: SimpleNamespace) -> Callable[..., Any]:
    """Run a function in a fresh context of a company, as a user, and commit."""

    def run(company_id: int | None, function: Callable[[], Any], *, user: str | None = None) -> Any:
        with app.app_context():
            set_acting_user(world.users[user] if user else None)
            try:
                with as_company(company_id):
                    result = function()
                    commit()
                    return result
            finally:
                set_acting_user(None)

    return run


@pytest.fixture
def notes_of(run_in: Callable[..., Any]) -> Callable[[int], list[str]]:
    """Return a function that reads the notes saved in a company."""
    return lambda company_id: run_in(company_id, notes.notes)
