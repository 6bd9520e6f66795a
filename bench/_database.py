"""A database for benchmarks: released as in production, app role, both walls, twenty companies."""

import datetime as dt
import os
import sys
from pathlib import Path
from typing import Any, Self

import psycopg
from flask import Flask
from flask.testing import FlaskClient
from psycopg import sql

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

SERVER = os.environ.get("ZHANGGUI_BENCH_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/postgres")
KEEP = bool(os.environ.get("ZHANGGUI_BENCH_KEEP"))  # For whoever measures again and again: fill once.
OWNER, APP = "zhanggui_bench_owner", "zhanggui_bench_app"
PASSWORD = "long enough 4 benches"  # noqa: S105  # Of a user that lives for one run.
COMPANIES = 20
FIRST_DAY = dt.date(2025, 1, 1)


class BenchDatabase:
    """A PostgreSQL database of its own for one run of one benchmark; `with` makes it and drops it."""

    addon: str
    role = ""  # Of the clerks; the add-on's own one unless it is named.

    def __init__(self, name: str, folder: Path) -> None:
        self.name, self.folder = name, folder

    @property
    def settings(self) -> dict[str, Any]:
        """The settings of an app that works here."""
        return {
            "DATA_FOLDER": str(self.folder), "SECRET_KEY": "bench" * 8, "PERSONAL_DATA_KEY": "bench" * 8,
            "ADDONS_PATH": [str(ROOT / "bench" / "addons")], "REDIS_URL": "", "DEFAULT_LANGUAGE": "en",
            "WTF_CSRF_ENABLED": False, "DATABASE_URL": self._url(APP), "DATABASE_OWNER_URL": self._url(OWNER),
        }  # fmt: skip

    def __enter__(self) -> Self:
        """Release into an empty database, open the companies, fill the tables."""
        if KEEP and self._exists():
            return self
        for role in (OWNER, APP):
            self._administer(
                "DO $$ BEGIN CREATE ROLE {0} LOGIN NOSUPERUSER NOBYPASSRLS; "
                "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$",
                role,
            )
        self._administer("DROP DATABASE IF EXISTS {0} WITH (FORCE)", self.name)
        self._administer("CREATE DATABASE {0} OWNER {1}", self.name, OWNER)
        self.prepare()
        return self

    def __exit__(self, *_error: object) -> None:
        """Remove everything but the two roles, which other runs may be using."""
        if not KEEP:
            self._administer("DROP DATABASE IF EXISTS {0} WITH (FORCE)", self.name)

    def prepare(self) -> None:
        """Release the add-on, open the companies and fill the tables."""
        self.fill(_open_companies(self.addon, self.settings, role=self.role or f"{self.addon}_clerk"))

    def fill(self, companies: list[int]) -> None:
        """Write the rows of these companies; the clerk is a member of the first."""
        raise NotImplementedError

    def connect(self) -> psycopg.Connection[Any]:
        """Return a superuser's connection, which commits each statement."""
        return psycopg.connect(SERVER, dbname=self.name, autocommit=True)

    def _exists(self) -> bool:
        with psycopg.connect(SERVER) as connection:
            return bool(connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.name]).fetchone())

    def _url(self, role: str) -> str:
        address = psycopg.conninfo.conninfo_to_dict(SERVER)
        return f"postgresql+psycopg://{role}@{address.get('host', '127.0.0.1')}:{address.get('port', 5432)}/{self.name}"

    def _administer(self, statement: str, *names: str) -> None:
        with psycopg.connect(SERVER, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


class SqliteBenchDatabase(BenchDatabase):
    """The same in a file: one wall only, as on a single PC."""

    @property
    def settings(self) -> dict[str, Any]:
        """The settings of an app that works here."""
        return {**super().settings, "DATABASE_URL": "", "DATABASE_OWNER_URL": ""}

    @property
    def file(self) -> Path:
        """Where the data are."""
        return self.folder / "zhanggui.sqlite"

    def __enter__(self) -> Self:
        """Release into an empty file, open the companies, fill the tables."""
        if not (KEEP and self.file.exists()):
            self.folder.mkdir(parents=True, exist_ok=True)
            self.file.unlink(missing_ok=True)
            self.prepare()
        return self

    def __exit__(self, *_error: object) -> None:
        """Leave the file to whoever made its folder."""


def log_in(app: Flask, username: str = "clerk") -> FlaskClient:
    """Return a client of a clerk of the first company: 'clerk' sees all of it, 'unit_clerk' what is his unit's."""
    client = app.test_client()
    answer = client.post("/login/", data={"username": username, "password": PASSWORD})
    if answer.status_code != 302:
        sys.exit(f"log-in refused: {answer.status_code}")
    return client


def _open_companies(addon: str, settings: dict[str, Any], *, role: str) -> list[int]:
    """Open twenty companies with the add-on on, two clerks in the first; return their ids."""
    from app.companies.enablement import switch
    from app.companies.models import Scope
    from app.companies.opening import open_company
    from app.database.session import commit, db
    from app.release import release

    app = release((addon,), **settings)
    with app.app_context():
        companies = [open_company(f"Company {n:02}", code=f"c{n:02}", on=FIRST_DAY).id for n in range(1, COMPANIES + 1)]
        for company in companies:
            switch(addon, company, on=True, depends={addon: []})
        for username, scope in (("clerk", Scope.COMPANY), ("unit_clerk", Scope.UNIT)):
            _employ(app, username, scope, role, companies[0])
        if app.appbuilder.sm.find_role(f"{addon}_masked_clerk"):  # type: ignore[attr-defined]
            _employ(app, "masked_clerk", Scope.COMPANY, f"{addon}_masked_clerk", companies[0])
        commit()
        db.session.remove()
        db.engine.dispose()
    return companies


def _employ(app: Flask, username: str, scope: Any, role: str, company: int) -> None:
    """Make a user with a position at the root of the company's units."""
    from app.companies.memberships import add_membership
    from app.companies.models import Employee, OrgUnit, Position
    from app.companies.org import assign
    from app.database.session import as_company, session
    from app.security.passwords import set_password

    manager = app.appbuilder.sm  # type: ignore[attr-defined]
    mail = f"{username}@example.test"
    user = manager.user_model(username=username, first_name="C", last_name="K", email=mail, active=True)
    session.add(user)
    set_password(user, PASSWORD, must_change=False)
    session.flush()
    add_membership(company, user_id=user.id, role_id=manager.find_role(role).id, scope=scope)
    with as_company(company):
        employee = Employee(user_id=user.id, number=username, name=username, hired_on=FIRST_DAY)
        position = Position(title=username, org_unit=session.query(OrgUnit).order_by(OrgUnit.id).first())
        session.add_all([employee, position])
        session.flush()
        assign(employee, position=position, valid_from=FIRST_DAY)
