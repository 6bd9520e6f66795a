"""Writing security events: a log-in, a denial, a lock-out."""

import logging
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from app.audit.models import SecurityEvent
from app.audit.origin import origin
from app.database.afterwards import afterwards
from app.database.columns import utc_now
from app.database.context import acting_user_id, active_company, viewer_id
from app.jobs.context import short_transaction
from app.jobs.payload import encode

log = logging.getLogger(__name__)


def record_security_event(
    kind: str, *, user_id: int | None = None, username: str | None = None, company_id: int | None = None, **details: Any
) -> None:
    """Write the event down, in its own transaction, as soon as the present one is over, whatever becomes of it.

    A refused request is rolled back, its trace is not. User and company are the present ones unless given. Never
    raises for a database that refuses: the log file has the event in any case. What somebody does who looks at
    another one's screens is his own doing.
    """
    who, viewer = user_id if user_id is not None else acting_user_id(), viewer_id()
    if viewer is not None and viewer != who:
        who, details["viewing"] = viewer, who
    row = {
        "at": utc_now(),
        "kind": kind[:40],
        "user_id": who,
        "username": username and username[:120],
        "company_id": company_id if company_id is not None else active_company(),
        "details": encode(details),
        **origin()._asdict(),
    }
    log.info("security event %s user=%s ip=%s", row["kind"], row["user_id"], row["ip"])
    afterwards(partial(_store, row))


def _store(row: dict[str, Any]) -> None:
    try:
        with short_transaction(trail=True) as connection:
            connection.execute(sa.insert(SecurityEvent), row)
    except SQLAlchemyError:
        log.exception("security event %s could not be stored", row["kind"])
