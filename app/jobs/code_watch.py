"""Each process watches whether the installed code has changed, and starts anew when it has done what it is at."""

import logging
import os
import signal
import threading
from collections.abc import Callable

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from app.companies.code_version import code_version
from app.database.session import db

log = logging.getLogger(__name__)
_EVERY = 1.0  # Seconds.


class CodeWatch(threading.Thread):
    """Looks once a second. `start_anew` ends the process in the way of its server, whose parent starts another one."""

    def __init__(self, app: Flask, start_anew: Callable[[], None]) -> None:
        super().__init__(daemon=True, name="code-watch")
        self._app, self.start_anew = app, start_anew

    def run(self) -> None:
        """Wait for a change, let the jobs of this process end, and start anew."""
        waiting = threading.Event()
        while not self._has_changed():
            waiting.wait(_EVERY)
        log.warning("The add-ons have changed: this process starts anew")
        self._app.extensions["tasks"].close()
        self.start_anew()

    def _has_changed(self) -> bool:
        try:
            with self._app.app_context(), db.engine.connect() as connection:
                return code_version(connection) != int(self._app.extensions["code_version"])
        except SQLAlchemyError:  # A database may be away for a while.
            return False


def watch_code(app: Flask, start_anew: Callable[[], None] | None = None) -> CodeWatch:
    """Watch for this process. By default it asks itself to end: a worker of gunicorn then finishes its requests."""
    watch = CodeWatch(app, start_anew or _end)
    watch.start()
    return watch


def _end() -> None:
    os.kill(os.getpid(), signal.SIGTERM)
