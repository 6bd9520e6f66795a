"""Reading the log."""

import sqlalchemy as sa

from app.audit.models import AuditEntry, SecurityEvent
from app.database.session import session


def list_entries(table: str, record_id: int, *, limit: int = 100) -> list[AuditEntry]:
    """Return what happened to one row of the active company, newest first (S:CORE-07)."""
    found = sa.select(AuditEntry).where(AuditEntry.table_name == table, AuditEntry.record_id == record_id)
    return list(session.scalars(found.order_by(AuditEntry.id.desc()).limit(limit)))


def list_security_events(*, user_id: int | None = None, limit: int = 100) -> list[SecurityEvent]:
    """Return the latest security events of all users, or of one, newest first."""
    found = sa.select(SecurityEvent)
    if user_id is not None:
        found = found.where(SecurityEvent.user_id == user_id)
    return list(session.scalars(found.order_by(SecurityEvent.id.desc()).limit(limit)))
