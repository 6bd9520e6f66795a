"""The background worker: `celery -A app.worker worker --beat`."""

from typing import Any

from app.factory import create_app


def __getattr__(name: str) -> Any:
    """Build the application when Celery asks for `celery`, not when somebody imports this file."""
    if name != "celery":
        raise AttributeError(name)
    app = create_app()
    celery = app.extensions["tasks"].celery
    if celery is None:
        raise RuntimeError("REDIS_URL is not set: jobs run inside the web process, which needs no worker")
    globals()["celery"] = celery
    return celery
