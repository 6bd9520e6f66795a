"""The background worker: `celery -A app.worker worker --beat`. It starts anew when the add-ons change."""

import atexit
import gc
import os
import signal
import sys
from typing import Any

from celery.signals import worker_ready

from app.factory import create_app
from app.jobs import watch_code


def __getattr__(name: str) -> Any:
    """Build the application when Celery asks for `celery`, not when somebody imports this file."""
    if name != "celery":
        raise AttributeError(name)
    app = create_app()
    gc.freeze()  # As in app/wsgi.py.
    celery = app.extensions["tasks"].celery
    if celery is None:
        raise RuntimeError("REDIS_URL is not set: jobs run inside the web process, which needs no worker")
    worker_ready.connect(lambda **_given: watch_code(app, _start_anew), weak=False)
    globals()["celery"] = celery
    return celery


def _start_anew() -> None:
    """Finish what has been begun, as Celery does on SIGTERM, then take the same place again."""
    atexit.register(os.execv, sys.executable, [sys.executable, *sys.orig_argv[1:]])
    os.kill(os.getpid(), signal.SIGTERM)
