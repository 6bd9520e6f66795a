"""Security events of this room: who logged in, failed, was refused, exported or read personal data.

An event is stored in a transaction of its own once the present one is over: it outlives a roll-back, and on
SQLite, which lets one transaction write at a time, it does not wait for its own request.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import g, has_request_context
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from app.audit.security_events import record_security_event
from app.database.context import active_company
from app.database.isolation import CompanySession
from app.database.session import session

_QUEUE = "security_events"


def record(kind: str, *, user_id: int | None = None, username: str | None = None, **details: Any) -> None:
    """Record an event, as soon as the present transaction is over."""
    write = partial(
        record_security_event, kind, user_id=user_id, username=username, company_id=active_company(), **details)
    if session().in_transaction():  # type: ignore[operator]  # The scoped proxy gives its session when called.
        session.info.setdefault(_QUEUE, []).append(write)
    else:
        write()


def record_denial(user_id: int, **details: Any) -> None:
    """Record that somebody was refused something (S:CORE-04)."""
    if has_request_context():
        g.denial_noted = True  # The answer 403 that follows is the same refusal.
    record("denied", user_id=user_id, **details)


def record_export(resource: str, count: int, *, actor: User) -> None:
    """Record that rows left the system as a file (P:CRM-20)."""
    record("exported", user_id=actor.id, resource=resource, rows=count)


def _on_end(ended: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        waiting: list[Callable[[], None]] = ended.info.pop(_QUEUE, [])
        for write in waiting:
            write()


event.listen(CompanySession, "after_transaction_end", _on_end)
