"""Tables of the audit room."""

from app.audit.models.audit_entry import AuditAction, AuditEntry
from app.audit.models.security_event import SecurityEvent

__all__ = ["AuditAction", "AuditEntry", "SecurityEvent"]
