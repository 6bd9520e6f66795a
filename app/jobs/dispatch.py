"""Handing work over after commit: to Celery, to a thread of this process, or, in tests, at once."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from typing import TYPE_CHECKING, Any

from flask import Flask, current_app

from app.errors import ConfigurationError

if TYPE_CHECKING:
    from celery import Celery

log = logging.getLogger(__name__)

Task = Callable[..., None]


class Dispatcher:
    """The platform's technical tasks, and the way to a worker. Business work goes through jobs and events."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._tasks: dict[str, Task] = {}
        self._threads: ThreadPoolExecutor | None = None
        self._lock = threading.Lock()
        self.celery: Celery | None = None
        if app.config["REDIS_URL"]:
            # Celery takes 0.2 seconds to import; a process without Redis does not pay for it.
            from app.jobs.celery_app import new_celery  # noqa: PLC0415

            self.celery = new_celery(app)

    def register(self, name: str, task: Task) -> None:
        """Add a task; its arguments must be JSON."""
        if name in self._tasks:
            raise ConfigurationError(f"task {name}: registered twice")
        self._tasks[name] = task

    def dispatch(self, name: str, **arguments: Any) -> None:
        """Have a worker run the task. Never raises: what gets lost here is found again by the tick each minute."""
        try:
            if self._app.config["JOBS_INLINE"]:
                self.run(name, arguments)
            elif self.celery is not None:
                self.celery.send_task("zhanggui.run_task", args=[name, arguments], retry=False)
            else:
                self._pool().submit(self.run, name, arguments)
        except Exception:
            log.exception("task %s could not be handed over", name)

    def run(self, name: str, arguments: dict[str, Any]) -> None:
        """Run the task here, in a context without request, user or company."""

        def enter() -> None:
            with self._app.app_context():
                self._tasks[name](**arguments)

        try:
            Context().run(enter)
        except Exception:
            log.exception("task %s failed", name)

    def close(self) -> None:
        """Wait for the threads of this process. A later dispatch starts new ones."""
        with self._lock:
            threads, self._threads = self._threads, None
        if threads is not None:
            threads.shutdown()

    def _pool(self) -> ThreadPoolExecutor:
        with self._lock:
            if self._threads is None:
                self._threads = ThreadPoolExecutor(self._app.config["JOBS_THREADS"], "jobs")
            return self._threads


def dispatcher() -> Dispatcher:
    """Return this app's dispatcher."""
    found: Dispatcher = current_app.extensions["tasks"]
    return found


def dispatch(name: str, **arguments: Any) -> None:
    """Have a worker run a task; called after commit, so that it sees the rows it is about."""
    dispatcher().dispatch(name, **arguments)
