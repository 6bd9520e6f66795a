"""One release, installation, uninstallation or restoration at a time, whatever process asks."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

LOCK = 0x5A68616E67677569  # "Zhanggui": the key of PostgreSQL's advisory lock.
WAITING = "Another release is running; waiting for it"
LONGEST_WAIT = 3600  # Seconds that a release on SQLite waits for another one.

log = logging.getLogger(__name__)


@contextmanager
def one_at_a_time(engine: Engine, settings: dict[str, Any]) -> Iterator[None]:
    """Let a second one wait; the lock ends with the process that holds it, however that ends."""
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
    folder = Path(settings["DATA_FOLDER"])
    folder.mkdir(parents=True, exist_ok=True)
    import sqlite3  # noqa: PLC0415  # 1 MB that PostgreSQL does not need.

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
