"""The logs, to read: changes, personal data shown, security events."""

from app.addon_loader.contributions import AddonSetup
from app.audit.models import AuditEntry
from app.crud.view import CrudView
from app.i18n import _
from app.web.access_page import AccessPage
from app.web.security_events_page import SecurityEventsPage


class AuditEntryView(CrudView):
    """Who changed what, when and from where (S:CORE-07)."""

    model = AuditEntry
    title = _("Audit log")
    verbs = ("list", "show")
    list_columns = ("at", "user.username", "action", "subject", "record_id", "table_name", "ip")
    hidden_columns = ("table_name",)
    show_only = ("subject",)
    form_columns = ("at", "action", "table_name", "record_id", "ip", "changes")
    search_columns = ("at", "action", "table_name", "record_id")
    labels = {
        "user.username": _("User"),
        "subject": _("Kind of record"),
        "record_id": _("Record"),
        "table_name": _("Table"),
        "ip": _("Address"),
    }


def setup(addon: AddonSetup) -> None:
    """Record the screens."""
    addon.add_models(AuditEntry)
    addon.add_view(AuditEntryView, menu="Organisation/Audit log", icon="history")
    addon.add_page(AccessPage, menu="Organisation/Who saw personal data", icon="eye")
    addon.add_page(SecurityEventsPage, menu="Organisation/Security events", icon="shield")
