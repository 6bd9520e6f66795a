"""The audit log, to read."""

from app.addon_loader.contributions import AddonSetup
from app.audit.models import AuditEntry
from app.crud.view import CrudView
from app.i18n import _


class AuditEntryView(CrudView):
    """Who changed what, when and from where (S:CORE-07)."""

    model = AuditEntry
    title = _("Audit log")
    verbs = ("list", "show")
    list_columns = ("at", "user.username", "action", "table_name", "record_id", "ip")
    form_columns = ("at", "action", "table_name", "record_id", "ip", "changes")
    search_columns = ("at", "action", "table_name", "record_id")
    labels = {"user.username": _("User"), "table_name": _("Table"), "record_id": _("Record"), "ip": _("Address")}


def setup(addon: AddonSetup) -> None:
    """Record the screen."""
    addon.add_models(AuditEntry)
    addon.add_view(AuditEntryView, menu="Organisation/Audit log", icon="history")
