"""Writing security events: a log-in, a denial, a lock-out."""

import logging
from typing import Any

import sqlalchemy as sa
from flask import Flask, g
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from app.audit.models import SecurityEvent
from app.audit.origin import origin
from app.database.columns import utc_now
from app.database.context import acting_user_id, active_company
from app.database.session import db
from app.jobs.context import short_transaction
from app.jobs.payload import encode

log = logging.getLogger(__name__)
_WAITING = "security_events"


def record_security_event(
    kind: str, *, user_id: int | None = None, username: str | None = None, company_id: int | None = None,
    **details: Any,
) -> None:
    """Write the event down at once, in its own transaction: a refused request is rolled back, its trace is not.

    User and company are the present ones unless given. The log file has the event in any case.
    """
    row = {
        "at": utc_now(), "kind": kind[:40], "user_id": user_id if user_id is not None else acting_user_id(),
        "username": username and username[:120],
        "company_id": company_id if company_id is not None else active_company(),
        "details": encode(details), **origin()._asdict()}
    log.info("security event %s user=%s ip=%s", row["kind"], row["user_id"], row["ip"])
    try:
        _store([row])
    except OperationalError:  # On SQLite this very request may be the one writer; its end is near.
        g.setdefault(_WAITING, []).append(row)


def install_audit(app: Flask) -> None:
    """Have events that waited for the end of a request written then, whatever became of the request."""
    app.teardown_appcontext(_store_waiting)


def _store(rows: list[dict[str, Any]]) -> None:
    with short_transaction(wait=False) as connection:
        connection.execute(sa.insert(SecurityEvent), rows)


def _store_waiting(_error: BaseException | None = None) -> None:
    rows = g.pop(_WAITING, [])
    if not rows:
        return
    db.session.remove()  # What the request did not commit is void; it must not keep the log from writing.
    try:
        _store(rows)
    except SQLAlchemyError:
        log.exception("%s security events could not be stored", len(rows))
