"""Databases for tests: built once by the real release, then copied for each test."""

import gc
import os
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import psycopg
import pytest
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

# What a fixture `database` is parametrised with.
KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.needs("postgresql"))]
CACHES = ("enablement", "permission_cache", "agreement_versions")  # Of each process.


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
        gc.collect()
        gc.freeze()  # What an app consists of stays: the collector need not look through it again and again.

    def begin_as(self, built: Self) -> None:
        """Make the database a copy of another one's original, with an app of its own."""
        from app.factory import create_app

        self.copy_original(built)
        self.app, self.facts = create_app(**self.settings()), built.facts

    def rewind(self) -> None:
        """Undo what a test wrote; what roles grant and which add-ons are on must be as before, and stays known."""
        self.forget(("agreement_versions",))
        self.restore()

    def forget(self, caches: Sequence[str] = CACHES) -> None:
        """Leave nothing open, and let the caches of the app start anew."""
        from app.database.session import db

        with self.app.app_context():
            db.session.remove()
            self.let_go(db.engine)
        for name in ("reached_units", "approval_chains", "long_lists", "snapshot_numbers", *caches):
            self.app.extensions.pop(name, None)

    def disconnect(self) -> None:
        """Close all connections of the app's pool."""
        from app.database.session import db

        with self.app.app_context():
            db.engine.dispose()

    def let_go(self, engine: sa.Engine) -> None:
        """Close what the next test may not find open."""
        engine.dispose()

    def create(self) -> None:
        """Make an empty database."""

    def copy_original(self, built: Self) -> None:
        """Take what another database began with."""

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

    def copy_original(self, built: Self) -> None:
        """Copy the file."""
        shutil.copy(built.folder / "original.sqlite", self.file)

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
            UNION ALL SELECT concat_ws(' ', 't', tgrelid, tgenabled, pg_get_triggerdef(oid)) FROM pg_trigger
            UNION ALL SELECT concat_ws(' ', 'p', oid) FROM pg_policy
            UNION ALL SELECT concat_ws(' ', 'f', oid, prosrc) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
            UNION ALL SELECT concat_ws(' ', 'o', oid) FROM pg_constraint) AS parts"""
    CATALOGS = ("pg_class", "pg_attribute", "pg_trigger", "pg_policy", "pg_proc", "pg_constraint")
    # Whoever is connected; not the app's own connections, where they wait for the next test.
    OTHERS = """
        SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
            AND NOT (state = 'idle' AND pid = ANY(%s))"""
    SEQUENCES = """
        SELECT quote_ident(sequencename), start_value, last_value FROM pg_sequences WHERE schemaname = 'public'"""
    FRUGAL = "-c jit=off -c max_parallel_workers_per_gather=0"  # Both cost more than the small tables that are read.

    def __init__(self, name: str) -> None:
        self.name = name
        address = POSTGRES.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
        self.connection = psycopg.connect(address, autocommit=True, options=self.FRUGAL)
        found = self.connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        self.tables = [table for (table,) in found]
        self.shape = self._shape()
        self.sequences = set(self.connection.execute(self.SEQUENCES))
        self.content = {table: _copied_out(self.connection, table) for table in self.tables}
        self._prepare("altered", self.CATALOGS)
        self._prepare("changed", self.tables)
        self._set_mark()
        self.catalogs, self.counts = self._counts("altered"), self._counts("changed")

    def put_back(self, own: Collection[int] = ()) -> bool:
        """Put back what was changed, and tell whether that could be done; nothing is done where tables changed.

        `own` are the server processes of the app's pool, which stay connected.
        """
        with self.connection.transaction():
            self.connection.execute(self.OTHERS, [list(own)])
            altered = self._counts("altered") != self.catalogs
            if altered and self._shape() != self.shape:
                return False
            # No triggers: the audit log may be emptied.
            self.connection.execute("SET LOCAL session_replication_role = replica")
            changed = {table for table, count in self._counts("changed").items() if count != self.counts[table]}
            for table in changed:
                self.connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
                _copy_in(self.connection, table, self.content[table])
            for name, start, last in self.sequences - set(self.connection.execute(self.SEQUENCES)):
                self.connection.execute("SELECT setval(%s, %s, %s)", [name, last or start, last is not None])
            if altered or changed:
                self._set_mark()
                self.catalogs = self._counts("altered")
        return True

    def close(self) -> None:
        """Let go of the database."""
        self.connection.close()

    def _shape(self) -> str:
        return str(self.connection.execute(self.SHAPE).fetchone())

    def _set_mark(self) -> None:
        """Take a transaction's number: whoever writes from now on has a higher one, and each row tells its writer's."""
        (self.mark,) = self.connection.execute("SELECT pg_current_xact_id()::text").fetchone() or ("",)

    def _prepare(self, name: str, tables: Iterable[str]) -> None:
        counts = sql.SQL(" UNION ALL ").join(
            sql.SQL("SELECT {}::text, count(*), count(*) FILTER (WHERE age(xmin) < age($1)) FROM {}").format(
                table, sql.Identifier(table)
            )
            for table in tables
        )
        self.connection.execute(sql.SQL("PREPARE {} (xid) AS {}").format(sql.Identifier(name), counts))

    def _counts(self, name: str) -> dict[str, tuple[int, int]]:
        """Return how many rows each table has, and how many of them were written since the mark."""
        found = self.connection.execute(sql.SQL("EXECUTE {} ({})").format(sql.Identifier(name), self.mark))
        return {table: (count, young) for table, count, young in found}


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

    rows: OriginalRows | None = None

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
        make_roles()
        self.drop()
        create_database(self.name, f"OWNER {OWNER}")

    def copy_original(self, built: Self) -> None:
        """Copy the template."""
        create_database(self.name, f"TEMPLATE {built.name}_original OWNER {OWNER}")

    def let_go(self, engine: sa.Engine) -> None:
        """Keep the pool, since each new connection costs the server's processes their caches; not what leaked."""
        if engine.pool.checkedout():  # type: ignore[attr-defined]
            engine.dispose()

    def keep(self) -> None:
        """Make the present state the template."""
        from app.database.session import db

        self.own: set[int] = set()
        with self.app.app_context():
            engine = db.engine
        engine.dispose()
        sa.event.listen(engine, "connect", lambda made, _record: self.own.add(made.info.backend_pid))
        _administer(f"ALTER DATABASE {self.name} RENAME TO {self.name}_original")
        self._copy()

    def restore(self) -> None:
        """Put back the rows that a test changed; copy the template anew where it changed tables."""
        assert self.rows is not None
        if not self.rows.put_back(self.own):
            self._copy()

    def _copy(self) -> None:
        self._leave()
        drop_database(self.name)
        create_database(self.name, f"TEMPLATE {self.name}_original OWNER {OWNER}")
        self.rows = OriginalRows(self.name)

    def _leave(self) -> None:
        if self.rows:
            self.rows.close()
            self.disconnect()

    def drop(self) -> None:
        """Remove both."""
        self._leave()
        for name in (self.name, f"{self.name}_original"):
            drop_database(name)


@contextmanager
def furnished(
    kind: str,
    folders: pytest.TempPathFactory,
    name: str,
    make: Callable[[Flask], dict[str, Any]],
    *,
    addons: Sequence[str] = ADDONS,
    addons_path: Sequence[str] = (),
) -> Iterator[Database]:
    """Make one kind of database with what `make` puts in it, to be copied for each test; no two have the same name."""
    chosen = PostgresDatabase if kind == "postgresql" else SqliteDatabase
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    made = chosen(folders.mktemp(f"{name}_{kind}"), f"{worker}_{name}", list(addons_path))
    made.build(make, addons=addons)
    made.restore()
    yield made
    made.forget()
    made.drop()


def make_roles() -> None:
    """Make the role that owns the tables, and the one that the app logs in as."""
    _administer(
        *(
            f"DO $$ BEGIN CREATE ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS; "
            "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
            for role in (OWNER, APP)
        )
    )


def create_database(name: str, more: str = "") -> None:
    """Make a database for tests: what it holds need not outlive a crash of the machine."""
    _administer(f"CREATE DATABASE {name} {more}", f"ALTER DATABASE {name} SET synchronous_commit = off")


def drop_database(name: str) -> None:
    """Remove a database, and whoever is connected to it."""
    _administer(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _administer(*statements: str) -> None:
    engine = sa.create_engine(POSTGRES, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
