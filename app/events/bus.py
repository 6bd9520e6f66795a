"""The event bus: who hears what, in which company, and when."""

import logging
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from app.companies.enablement import is_enabled
from app.database.context import active_company
from app.database.isolation import IsolationError
from app.database.session import session
from app.errors import AppError, ConfigurationError
from app.events.event import Event, check_event
from app.events.outbox import store, store_failure

log = logging.getLogger(__name__)

Handler = Callable[[Any], None]
# How a handler says no: in words, or through a constraint that another transaction was quicker to meet.
_REFUSALS = (AppError, IntegrityError, StaleDataError)


@dataclass(frozen=True)
class Subscription:
    """One handler. `addon` is None for the platform's own."""

    addon: str | None
    event: type[Event]
    handler: Handler
    after_commit: bool = False
    veto: bool = False

    @property
    def key(self) -> str:
        """A stable name: it is stored in the outbox."""
        return f"{self.addon or 'platform'}.{self.handler.__name__}"

    def hears(self, company_id: int) -> bool:
        """Whether the add-on is on in this company."""
        return self.addon is None or is_enabled(self.addon, company_id)


class EventBus:
    """All subscriptions of one app: the platform first, then add-ons in dependency order."""

    def __init__(self) -> None:
        self._by_event: dict[type[Event], list[Subscription]] = defaultdict(list)
        self._by_key: dict[str, Subscription] = {}

    def subscribe(self, subscription: Subscription) -> None:
        """Add a handler. Raises ConfigurationError for a name used twice, or an event that cannot be stored."""
        if subscription.key in self._by_key:
            raise ConfigurationError(f"{subscription.key}: subscribed twice")
        if subscription.veto and subscription.after_commit:
            raise ConfigurationError(f"{subscription.key}: nothing can be refused after commit")
        check_event(subscription.event)
        self._by_key[subscription.key] = subscription
        self._by_event[subscription.event].append(subscription)

    def subscriptions(self, event: type[Event]) -> tuple[Subscription, ...]:
        """Return who hears this event, in order."""
        return tuple(self._by_event.get(event, ()))

    def find(self, key: str) -> Subscription | None:
        """Return the subscription stored under this name, if the code still has it."""
        return self._by_key.get(key)

    def publish(self, event: Event) -> None:
        """Run the handlers of enabled add-ons now, each in a savepoint; store the after-commit ones.

        Raises what a `veto` handler refuses with. Any other failure is undone, stored and tried again later.
        """
        if event.company_id != active_company():
            raise IsolationError(f"{type(event).__qualname__} published for another company")
        hearing = [one for one in self.subscriptions(type(event)) if one.hears(event.company_id)]
        if hearing:
            session.flush()  # What the verb itself wrote wrongly fails here, not in the name of a handler.
        for subscription in hearing:
            if subscription.after_commit:
                store(subscription.key, event)
            else:
                _run(subscription, event)


def _run(subscription: Subscription, event: Event) -> None:
    try:
        with session.begin_nested():
            subscription.handler(event)
    except Exception as error:
        if subscription.veto and isinstance(error, _REFUSALS):
            raise
        log.exception("handler %s failed; it will be tried again", subscription.key)
        store_failure(subscription.key, event, error)


def event_bus() -> EventBus:
    """Return this app's bus."""
    bus: EventBus = current_app.extensions["event_bus"]
    return bus


def publish(event: Event) -> None:
    """Announce that something happened, inside the caller's transaction."""
    event_bus().publish(event)


def subscribe(
    event: type[Event], handler: Handler, *, addon: str | None = None, after_commit: bool = False, veto: bool = False
) -> None:
    """Have the handler hear the event: in the transaction, or, for mail and the like, after commit."""
    event_bus().subscribe(Subscription(addon, event, handler, after_commit, veto))
