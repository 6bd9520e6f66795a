"""Databases for tests: built once by the real release, then copied for each test."""

import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.engine import URL, make_url

from tests.services import POSTGRESQL_URL

POSTGRES = make_url(POSTGRESQL_URL).set(drivername="postgresql+psycopg")
OWNER, APP = "zhanggui_owner", "zhanggui_app"
ADDONS = ("visits", "bonus", "reception")  # All there are: code that looks at every model finds its table.


class Database:
    """What the kinds of database share."""

    def __init__(self, folder: Path, worker: str, addons_path: list[str]) -> None:
        self.folder, self.worker, self.addons_path = folder, worker, addons_path
        self.facts: dict[str, Any] = {}
        self.app: Flask

    def settings(self) -> dict[str, Any]:
        """The settings of the app under test."""
        return {
            "DATA_FOLDER": str(self.folder / "data"),
            "SECRET_KEY": "test" * 10,
            "PERSONAL_DATA_KEY": "test" * 10,
            "ADDONS_PATH": self.addons_path,
            "REDIS_URL": "",
            "TESTING": True,
            "WTF_CSRF_ENABLED": False,
            "JOBS_INLINE": True,
            "LOGIN_RATE_LIMIT": "10000 per minute",
            "DEFAULT_LANGUAGE": "en",
            "DATABASE_URL": "",
            "DATABASE_OWNER_URL": "",
        }

    def build(self, make_world: Callable[[Flask], dict[str, Any]], addons: Sequence[str] = ADDONS) -> None:
        """Release into an empty database, put the world in it, and keep it as the original."""
        from app.release import release

        self.create()
        self.app = release(addons, **self.settings())
        self.facts = make_world(self.app)
        self.forget()
        self.keep()

    def forget(self) -> None:
        """Close all connections, and let the caches of the app start anew."""
        from app.database.session import db

        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        self.app.extensions["enablement"].expire()
        for name in ("permission_cache", "tasks"):
            kept = self.app.extensions.get(name)
            if hasattr(kept, "expire"):
                kept.expire()

    def create(self) -> None:
        """Make an empty database."""

    def keep(self) -> None:
        """Keep the present state as the original."""

    def restore(self) -> None:
        """Put a copy of the original in place."""

    def drop(self) -> None:
        """Remove everything."""


class SqliteDatabase(Database):
    """A file, copied."""

    @property
    def file(self) -> Path:
        """The file that the app uses."""
        return self.folder / "data" / "zhanggui.sqlite"

    def keep(self) -> None:
        """Copy the file away."""
        with sa.create_engine(f"sqlite:///{self.file}").connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copy(self.file, self.folder / "original.sqlite")

    def restore(self) -> None:
        """Copy the original back."""
        for suffix in ("-wal", "-shm"):
            Path(f"{self.file}{suffix}").unlink(missing_ok=True)
        shutil.copy(self.folder / "original.sqlite", self.file)


class PostgresDatabase(Database):
    """A template database, copied by the server."""

    @property
    def name(self) -> str:
        """The database that the app uses."""
        return f"zhanggui_test_{self.worker}_{os.getpid()}"  # Two runs on one machine do not meet.

    def url(self, role: str) -> str:
        """Return an address of the database for a role."""
        url: URL = POSTGRES.set(username=role, database=self.name)
        return url.render_as_string(hide_password=False)

    def settings(self) -> dict[str, Any]:
        """The app logs in as a role that owns nothing."""
        return {**super().settings(), "DATABASE_URL": self.url(APP), "DATABASE_OWNER_URL": self.url(OWNER)}

    def create(self) -> None:
        """Make the roles and an empty database."""
        for role in (OWNER, APP):
            _administer(
                f"DO $$ BEGIN CREATE ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS; "
                "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
            )
        self.drop()
        _administer(f"CREATE DATABASE {self.name} OWNER {OWNER}")

    def keep(self) -> None:
        """Make the present state the template."""
        _administer(f"ALTER DATABASE {self.name} RENAME TO {self.name}_original")

    def restore(self) -> None:
        """Copy the template; FILE_COPY is fast for small databases."""
        _administer(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")
        _administer(f"CREATE DATABASE {self.name} TEMPLATE {self.name}_original OWNER {OWNER}")

    def drop(self) -> None:
        """Remove both."""
        for name in (self.name, f"{self.name}_original"):
            _administer(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _administer(statement: str) -> None:
    engine = sa.create_engine(POSTGRES, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
