"""Security events of this room: who logged in, failed, was refused, exported or read personal data."""

from functools import partial
from typing import Any

from flask import g, has_request_context

from app.audit.security_events import record_security_event
from app.database.afterwards import afterwards
from app.database.context import active_company


def record(kind: str, *, user_id: int | None = None, username: str | None = None, **details: Any) -> None:
    """Record an event, in a transaction of its own once the present one is over, so that it outlives a roll-back."""
    afterwards(
        partial(record_security_event, kind, user_id=user_id, username=username, company_id=active_company(), **details)
    )


def record_denial(user_id: int, **details: Any) -> None:
    """Record that somebody was refused something (S:CORE-04)."""
    if has_request_context():
        g.denial_noted = True  # The answer 403 that follows is the same refusal.
    record("denied", user_id=user_id, **details)
