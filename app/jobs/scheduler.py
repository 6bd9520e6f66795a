"""The clock of a server without Celery: a daemon thread, started by the web server's entry point only."""

import threading

from flask import Flask

from app.jobs.dispatch import Dispatcher

_TICK = 60.0  # Seconds.


class Scheduler(threading.Thread):
    """Ticks once a minute. Several processes may: row locks make each turn happen once."""

    def __init__(self, dispatcher: Dispatcher) -> None:
        super().__init__(daemon=True, name="scheduler")
        self._dispatcher = dispatcher
        self._stopped = threading.Event()

    def run(self) -> None:
        """Tick until stopped."""
        while not self._stopped.wait(_TICK):
            self._dispatcher.run("jobs.tick", {})

    def stop(self) -> None:
        """End after the present tick, and wait for it."""
        self._stopped.set()
        self.join()


def start_scheduler(app: Flask) -> Scheduler:
    """Start the clock of this process. With Redis, Celery beat ticks instead: do not call this then."""
    scheduler = Scheduler(app.extensions["tasks"])
    scheduler.start()
    return scheduler
