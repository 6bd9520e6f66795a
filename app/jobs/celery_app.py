"""The Celery side of the dispatcher. Imported only where Redis is configured."""

from typing import Any

from celery import Celery
from celery.signals import worker_process_init
from flask import Flask

from app.database.session import db

TICK_SECONDS = 60.0


def new_celery(app: Flask) -> Celery:
    """Return the Celery app of this Flask app; the worker and the web process use the same."""
    celery = Celery("zhanggui", broker=app.config["REDIS_URL"], set_as_current=False)
    celery.conf.update(
        task_default_queue=app.config["JOBS_QUEUE"],
        task_ignore_result=True,  # Outcomes are rows in the database.
        broker_connection_retry_on_startup=True,
        broker_transport_options={"socket_connect_timeout": 2},
        worker_hijack_root_logger=False,
        beat_schedule={"tick": {"task": "zhanggui.run_task", "schedule": TICK_SECONDS, "args": ("jobs.tick", {})}},
    )

    def run_task(name: str, arguments: dict[str, Any]) -> None:
        app.extensions["tasks"].run(name, arguments)

    celery.task(name="zhanggui.run_task")(run_task)

    def forget_connections(**_signal: Any) -> None:
        # A forked process must not talk over the sockets of its parent.
        with app.app_context():
            db.engine.dispose(close=False)

    worker_process_init.connect(forget_connections, weak=False)
    return celery
