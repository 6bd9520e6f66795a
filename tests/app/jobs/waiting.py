"""Waiting for what happens in another thread or process."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

import sqlalchemy as sa
from flask import Flask

T = TypeVar("T")


def wait_until(condition: Callable[[], T], *, seconds: float = 20) -> T:
    """Return what the condition gives as soon as that is true; fail at the deadline."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while not (found := condition()):
        assert time.monotonic() < deadline, f"nothing happened within {seconds} seconds"
        pause.wait(0.02)
    return found


def is_waited_for(app: Flask) -> bool:
    """Tell whether a statement in the app's database waits for another transaction (PostgreSQL)."""
    from app.database.session import db

    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with app.app_context(), db.engine.connect() as connection:
        return connection.scalar(sa.text(waiting)) > 0
