"""The clock of a server without Celery: a daemon thread, started by the web server's entry point only."""

import logging
import threading

from flask import Flask

log = logging.getLogger(__name__)
_TICK = 60.0  # Seconds.


def start_scheduler(app: Flask) -> threading.Event:
    """Tick once a minute in a thread of this process; set the returned event to stop it.

    Where Redis is configured Celery beat ticks, and this starts nothing. Several processes may tick: row locks
    make each turn happen once.
    """
    stopped = threading.Event()
    dispatcher = app.extensions["tasks"]
    if dispatcher.celery is None:

        def ticking() -> None:
            while not stopped.wait(_TICK):
                dispatcher.run("jobs.tick", {})

        threading.Thread(target=ticking, daemon=True, name="scheduler").start()
    return stopped
