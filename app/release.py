"""Bringing a database up to this code: tables, second wall, append-only log, permissions. Once per release."""

import logging
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.engine import Engine

import config
from app.addon_loader import registration
from app.addon_loader.discovery import find_addons
from app.addon_loader.installation import Manifests, installed, revisions, without_files
from app.addon_loader.manifest import closure
from app.addon_loader.migrations import Migrator
from app.audit import protect_audit
from app.database.base import Model
from app.database.statistics import refine_statistics
from app.errors import ConfigurationError
from app.factory import create_app, database_url
from app.security.sync import sync_security

LOCK = 0x5A68616E67677569  # "Zhanggui": the key of PostgreSQL's advisory lock.
WAITING = "Another release is running; waiting for it"
LONGEST_WAIT = 3600  # Seconds that a release on SQLite waits for another one.

log = logging.getLogger(__name__)


def release(names: Iterable[str] = (), **overrides: Any) -> Flask:
    """Install the named add-ons with all they need, upgrade everything, and return an app of the result.

    A second release waits until the first is done. Raises ConfigurationError for an add-on that does not exist.
    """
    names, settings = list(names), config.settings(**overrides)
    manifests = find_addons(settings["ADDONS_PATH"])
    for name in names:
        if name not in manifests:
            raise ConfigurationError(f"no add-on {name!r}; there are {', '.join(manifests)}")
    engine = owner_engine(settings)
    try:
        with _one_at_a_time(engine, Path(settings["DATA_FOLDER"])):
            return _release(engine, manifests, names, settings, overrides)
    finally:
        engine.dispose()


def _release(
    engine: Engine, manifests: Manifests, names: list[str], settings: dict[str, Any], overrides: dict[str, Any]
) -> Flask:
    for name in without_files(revisions(engine), manifests):
        log.warning("The add-on %r is installed, but its files are missing: its tables stay as they are", name)
    needed = {one for name in [*names, *installed(engine, manifests)] for one in (*closure(manifests, name), name)}
    app = create_app([name for name in manifests if name in needed], **overrides)
    with app.app_context():
        Migrator(engine, manifests, app_role=app_role(settings)).upgrade(needed)
        with engine.begin() as connection:
            protect_audit(connection)
            refine_statistics(connection, Model.metadata)
        setups = [*app.extensions["setups"], *app.extensions["rooms"]]
        sync_security([role for setup in setups for role in setup.roles], registration.menus(setups))
    return app


@contextmanager
def _one_at_a_time(engine: Engine, folder: Path) -> Iterator[None]:
    """Let a second release wait; the lock ends with the process that holds it, however that ends."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            if not connection.scalar(sa.select(sa.func.pg_try_advisory_lock(LOCK))):
                log.warning(WAITING)
                connection.execute(sa.select(sa.func.pg_advisory_lock(LOCK)))
            try:
                yield
            finally:
                connection.execute(sa.select(sa.func.pg_advisory_unlock(LOCK)))
        return
    folder.mkdir(parents=True, exist_ok=True)
    # A database of its own, because the migrations need the real one for themselves.
    lock = sqlite3.connect(folder / "release.lock", timeout=0, isolation_level=None)
    try:
        try:
            lock.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            log.warning(WAITING)
            lock.execute(f"PRAGMA busy_timeout={LONGEST_WAIT * 1000}")
            lock.execute("BEGIN IMMEDIATE")
        yield
    finally:
        lock.close()


def owner_engine(settings: dict[str, Any]) -> Engine:
    """Return an engine with the owner's credentials, or with the application's own where it is the owner."""
    return sa.create_engine(settings["DATABASE_OWNER_URL"] or database_url(settings), hide_parameters=True)


def app_role(settings: dict[str, Any]) -> str | None:
    """Return the database role that the application logs in as, where it is not the owner."""
    return urlsplit(settings["DATABASE_URL"]).username if settings["DATABASE_OWNER_URL"] else None
