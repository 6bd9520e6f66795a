"""Databases for tests: built once by the real release, then copied for each test."""

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from flask import Flask
from psycopg import sql
from sqlalchemy.engine import URL, make_url

from tests.services import POSTGRESQL_URL

POSTGRES = make_url(POSTGRESQL_URL).set(drivername="postgresql+psycopg")
OWNER, APP = "zhanggui_owner", "zhanggui_app"
ADDONS = (
    "visits",
    "bonus",
    "reception",
    "payments",
    "orders",
    "contracts",
)  # All there are: code that looks at every model finds its table.


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
        # Thousands of log-ins, and nobody to keep out.
        self.app.config["FAB_PASSWORD_HASH_METHOD"] = "pbkdf2:sha256:1000"
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
        for name in ("reached_units", "approval_chains", "long_lists"):  # Of each company.
            self.app.extensions.pop(name, None)
        for name in ("enablement", "permission_cache", "tasks", "agreement_versions"):
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


class OriginalRows:
    """What stood in a PostgreSQL database, to be put back in milliseconds (a copy of the database takes seconds)."""

    # Any column, index, trigger, policy or grant that is not what it was tells that tables were changed.
    SHAPE = """
        SELECT md5(string_agg(part, ';' ORDER BY part)) FROM (
            SELECT concat_ws(' ', 'c', oid, relname, relfilenode, relacl, relrowsecurity, relforcerowsecurity) AS part
                FROM pg_class WHERE relnamespace = 'public'::regnamespace
            UNION ALL SELECT concat_ws(' ', 'a', attrelid, attname, atttypid, attnotnull, attisdropped)
                FROM pg_attribute JOIN pg_class c ON c.oid = attrelid WHERE relnamespace = 'public'::regnamespace
            UNION ALL SELECT concat_ws(' ', 't', oid, tgenabled) FROM pg_trigger
            UNION ALL SELECT concat_ws(' ', 'p', oid) FROM pg_policy
            UNION ALL SELECT concat_ws(' ', 'f', oid, xmin) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
            UNION ALL SELECT concat_ws(' ', 'o', oid) FROM pg_constraint) AS parts"""
    OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
    SEQUENCES = """
        SELECT quote_ident(sequencename), start_value, last_value FROM pg_sequences WHERE schemaname = 'public'"""

    def __init__(self, name: str) -> None:
        self.name = name
        with self._connection() as connection:
            found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            self.tables = [table for (table,) in found]
            self.shape = self._shape(connection)
            self.marks = self._marks(connection)
            self.sequences = set(connection.execute(self.SEQUENCES))
            self.content = {table: _copied_out(connection, table) for table in self.tables}

    def put_back(self) -> bool:
        """Put back what was changed, and tell whether that could be done; nothing is done where tables changed."""
        with self._connection() as connection:
            connection.execute(self.OTHERS, [self.name])
            if self._shape(connection) != self.shape:
                return False
            connection.execute("SET session_replication_role = replica")  # No triggers: the audit log may be emptied.
            changed = {table for table, mark in self._marks(connection).items() if mark != self.marks[table]}
            for table in changed:
                connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
                _copy_in(connection, table, self.content[table])
            for name, start, last in self.sequences - set(connection.execute(self.SEQUENCES)):
                connection.execute("SELECT setval(%s, %s, %s)", [name, last or start, last is not None])
            if changed:
                self.marks = self._marks(connection)
        return True

    def _shape(self, connection: psycopg.Connection[Any]) -> str:
        return str(connection.execute(self.SHAPE).fetchone())

    def _marks(self, connection: psycopg.Connection[Any]) -> dict[str, tuple[Any, ...]]:
        """Return how many rows each table has and which transactions wrote them: it differs after any change."""
        counts = sql.SQL(" UNION ALL ").join(
            sql.SQL("SELECT {}, count(*), sum(xmin::text::bigint) FROM {}").format(table, sql.Identifier(table))
            for table in self.tables
        )
        return {table: tuple(mark) for table, *mark in connection.execute(counts)}

    @contextmanager
    def _connection(self) -> Iterator[psycopg.Connection[Any]]:
        address = POSTGRES.set(drivername="postgresql", database=self.name).render_as_string(hide_password=False)
        with psycopg.connect(address) as connection:
            yield connection


def _copied_out(connection: psycopg.Connection[Any], table: str) -> bytes:
    statement = sql.SQL("COPY {} TO STDOUT (FORMAT BINARY)").format(sql.Identifier(table))
    with connection.cursor().copy(statement) as copy:
        return b"".join(bytes(block) for block in copy)


def _copy_in(connection: psycopg.Connection[Any], table: str, content: bytes) -> None:
    statement = sql.SQL("COPY {} FROM STDIN (FORMAT BINARY)").format(sql.Identifier(table))
    with connection.cursor().copy(statement) as copy:
        copy.write(content)


class PostgresDatabase(Database):
    """A database whose changed rows are put back; a template stands by for changed tables."""

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
        self._copy()
        self.rows = OriginalRows(self.name)

    def restore(self) -> None:
        """Put back the rows that a test changed; copy the template anew where it changed tables."""
        if not self.rows.put_back():
            self._copy()
            self.rows = OriginalRows(self.name)

    def _copy(self) -> None:
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
