"""Who changed what, when and from where. Importing this room starts the recording."""

from app.audit.accesses import list_accesses, record_access
from app.audit.bulk import insert_rows, record_bulk
from app.audit.models import AccessEntry, AccessKind, AuditAction, AuditEntry, SecurityEvent
from app.audit.origin import origin, set_origin
from app.audit.protection import protect_audit
from app.audit.queries import list_entries, list_security_events
from app.audit.recorder import AppendOnlyError
from app.audit.security_events import record_security_event

__all__ = [
    "AccessEntry",
    "AccessKind",
    "AppendOnlyError",
    "AuditAction",
    "AuditEntry",
    "SecurityEvent",
    "insert_rows",
    "list_accesses",
    "list_entries",
    "list_security_events",
    "origin",
    "protect_audit",
    "record_access",
    "record_bulk",
    "record_security_event",
    "set_origin",
]
