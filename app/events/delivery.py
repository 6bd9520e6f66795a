"""Delivering what the outbox holds: effect and mark in one transaction, by one worker."""

import datetime as dt
import logging

import sqlalchemy as sa

from app.database.columns import utc_now
from app.database.context import active_company
from app.database.session import commit, rollback, session
from app.errors import NotFound, ValidationError
from app.events.bus import Subscription, event_bus
from app.events.event import from_payload
from app.events.models import Delivery
from app.events.outbox import describe, next_attempt
from app.i18n import _
from app.jobs.context import active_company_ids, run_as

log = logging.getLogger(__name__)
_BATCH = 200
REASON_LENGTH = 200


def retry_due(now: dt.datetime) -> None:
    """Deliver what is due in every company; safe to run in several processes at once."""
    for company_id in active_company_ids():
        for delivery_id, user_id in run_as(company_id, None, _due, now):
            run_as(company_id, user_id, _deliver, delivery_id, now)


def deliver(company_id: int, delivery_id: int) -> None:
    """Deliver one stored event now, as the user in whose transaction it happened."""
    user_id = run_as(company_id, None, _author, delivery_id)
    run_as(company_id, user_id, _deliver, delivery_id, utc_now())


def list_failures(*, limit: int = 100) -> list[Delivery]:
    """Return what failed in this company and is not done yet, newest first: the exceptions inbox."""
    failed = sa.select(Delivery).where(Delivery.done_at.is_(None), Delivery.error.is_not(None))
    return list(session.scalars(failed.order_by(Delivery.id.desc()).limit(limit)))


def retry_failure(delivery_id: int, *, now: dt.datetime) -> Delivery:
    """Let a failed delivery be tried again at the next tick, with fresh attempts. Raises NotFound."""
    delivery = _failed(delivery_id)
    delivery.attempts, delivery.due_at = 0, now
    session.flush()
    return delivery


def dismiss_failure(delivery_id: int, *, reason: str, now: dt.datetime) -> Delivery:
    """Give a failed delivery up; its error stays. Raises NotFound, and ValidationError without a reason."""
    delivery = _failed(delivery_id)
    cleaned = " ".join(reason.split())
    if not cleaned:
        raise ValidationError("delivery.reason", _("Say why it need not be done any more."), field="reason")
    if len(cleaned) > REASON_LENGTH:
        raise ValidationError(
            "delivery.reason", _("At most %(limit)s characters."), field="reason", limit=REASON_LENGTH
        )
    delivery.dismissed_reason, delivery.done_at, delivery.due_at = cleaned, now, None
    session.flush()
    return delivery


def _failed(delivery_id: int) -> Delivery:
    delivery = session.get(Delivery, delivery_id)
    if delivery is None or delivery.done_at is not None:
        raise NotFound("delivery.not_found", _("There is nothing left to repeat here."))
    return delivery


def _due(now: dt.datetime) -> list[tuple[int, int | None]]:
    statement = (
        sa.select(Delivery.id, Delivery.created_by_id, Delivery.handler)
        .where(Delivery.done_at.is_(None), Delivery.due_at <= now)
        .order_by(Delivery.due_at, Delivery.id)
    )
    # A switched-off add-on keeps its rows until it is on again; they must not fill the batch.
    heard = [row for row in session.execute(statement) if _subscription(row.handler) is not None]
    return [(row.id, row.created_by_id) for row in heard[:_BATCH]]


def _author(delivery_id: int) -> int | None:
    return session.scalar(sa.select(Delivery.created_by_id).where(Delivery.id == delivery_id))


def _subscription(key: str) -> Subscription | None:
    subscription, company_id = event_bus().find(key), active_company()
    if subscription is None or company_id is None or not subscription.hears(company_id):
        return None
    return subscription


def _deliver(delivery_id: int, now: dt.datetime) -> None:
    delivery = _claim(delivery_id)
    subscription = _subscription(delivery.handler) if delivery is not None else None
    if delivery is None or subscription is None:
        return
    attempts = delivery.attempts  # Counts this attempt already.
    try:
        subscription.handler(from_payload(subscription.event, delivery.payload))
        _mark(delivery_id, attempts=attempts, done_at=utc_now(), error=None)
        commit()
    except Exception as error:  # It is recorded, never raised: the verb has long been done.
        rollback()
        log.exception("handler %s failed", subscription.key)
        _mark(delivery_id, attempts=attempts, error=describe(error), due_at=next_attempt(attempts, now))
        commit()


def _claim(delivery_id: int) -> Delivery | None:
    """Lock the row until the end of the transaction; None when it is done, or another worker has it.

    It is an UPDATE because that locks on SQLite too; on PostgreSQL the inner SELECT skips a locked row.
    """
    free = (
        sa.select(Delivery.id)
        .where(Delivery.id == delivery_id, Delivery.done_at.is_(None))
        .with_for_update(skip_locked=True)
    )
    claimed = session.scalar(
        sa.update(Delivery)
        .where(Delivery.id.in_(free))
        .values(attempts=Delivery.attempts + 1)
        .returning(Delivery.id)
        .execution_options(synchronize_session=False)
    )
    return session.get(Delivery, claimed) if claimed is not None else None


def _mark(delivery_id: int, **values: object) -> None:
    session.execute(
        sa.update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.done_at.is_(None))
        .values(**values)
        .execution_options(synchronize_session=False)
    )
