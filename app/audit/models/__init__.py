"""Tables of the audit room."""

from app.audit.models.access_entry import AccessEntry, AccessKind
from app.audit.models.audit_entry import AuditAction, AuditEntry
from app.audit.models.audit_seal import AuditSeal
from app.audit.models.security_event import SecurityEvent

__all__ = ["AccessEntry", "AccessKind", "AuditAction", "AuditEntry", "AuditSeal", "SecurityEvent"]
