"""The outbox: what is written in the transaction, so that nothing is lost between commit and delivery."""

import datetime as dt

from app.database.columns import utc_now
from app.database.session import on_commit, session
from app.errors import AppError
from app.events.event import Event, to_payload
from app.events.models import Delivery
from app.jobs.dispatch import dispatch

_FIRST_RETRY = dt.timedelta(minutes=1)
_LONGEST_RETRY = dt.timedelta(hours=6)
_ATTEMPTS = 12  # About two days.


def store(handler: str, event: Event) -> None:
    """Write down that the handler must hear the event once this transaction is committed."""
    delivery = Delivery(
        event_uid=event.uid,
        event=type(event).__qualname__,
        payload=to_payload(event),
        handler=handler,
        due_at=utc_now(),
    )
    session.add(delivery)
    session.flush()
    company_id, delivery_id = event.company_id, delivery.id
    on_commit(lambda: dispatch("events.deliver", company_id=company_id, delivery_id=delivery_id))


def store_failure(handler: str, event: Event, error: Exception) -> None:
    """Write down that the handler failed inside the transaction, so that it is tried again."""
    session.add(
        Delivery(
            event_uid=event.uid,
            event=type(event).__qualname__,
            payload=to_payload(event),
            handler=handler,
            attempts=1,
            error=describe(error),
            due_at=next_attempt(1, utc_now()),
        )
    )
    session.flush()


def next_attempt(attempts: int, now: dt.datetime) -> dt.datetime | None:
    """Return when to try again: after 1, 2, 4, ... minutes, at most six hours; None when it was the last attempt."""
    if attempts >= _ATTEMPTS:
        return None
    return now + min(_FIRST_RETRY * (1 << attempts - 1), _LONGEST_RETRY)


def describe(error: Exception) -> str:
    """Return the failure for people. Texts of unknown errors stay in the log: they may quote personal data."""
    return str(error)[:500] if isinstance(error, AppError) else type(error).__name__
