"""Publish and subscribe: in the transaction, or after commit through an outbox."""

from flask import Flask

from app.events.bus import EventBus, Handler, Subscription, event_bus, publish, subscribe
from app.events.delivery import deliver, dismiss_failure, list_failures, retry_due, retry_failure
from app.events.event import Event
from app.events.models import Delivery
from app.jobs import add_tick

__all__ = [
    "Delivery",
    "Event",
    "EventBus",
    "Handler",
    "Subscription",
    "deliver",
    "dismiss_failure",
    "event_bus",
    "install_events",
    "list_failures",
    "publish",
    "retry_due",
    "retry_failure",
    "subscribe",
]


def install_events(app: Flask) -> None:
    """Give the app its bus, and have the outbox emptied after commit and each minute. After `install_jobs`."""
    app.extensions["event_bus"] = EventBus()
    app.extensions["tasks"].register("events.deliver", deliver)
    with app.app_context():
        add_tick(retry_due)
