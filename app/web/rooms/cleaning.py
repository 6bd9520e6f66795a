"""Data cleaning, and what was cleaned (S:CORE-15)."""

from app.addon_loader.contributions import AddonSetup
from app.cleaning import putting_back
from app.cleaning.models import CleanRun
from app.crud.view import CrudView
from app.i18n import _
from app.web.cleaning_page import CleaningPage


class CleanRunView(CrudView):
    """Every cleaning that was done; its records can be put back while the archive is kept."""

    model = CleanRun
    title = _("Cleanings done")
    verbs = ("list", "show")
    workflow = putting_back.WORKFLOW
    list_columns = (
        "id", "list_name", "state", "found", "deleted", "kept_confirmed", "kept_referenced", "kept_refused",
        "cleaned_at", "cleaned_by", "kept_until",
    )  # fmt: skip
    show_only = (
        "list_name", "record_state", "untouched_days", "query", "found", "deleted", "kept_confirmed", "kept_referenced",
        "kept_refused", "cleaned_at", "cleaned_by", "kept_until", "put_back_at",
    )  # fmt: skip
    search_columns = ("state", "cleaned_at")
    labels = {
        "id": _("Number"),
        "list_name": _("List"),
        "record_state": _("State asked for"),
        "untouched_days": _("Untouched for days"),
        "query": _("Saved filter"),
        "found": _("Hits"),
        "kept_confirmed": _("Kept: confirmed"),
        "kept_referenced": _("Kept: in use"),
        "kept_refused": _("Kept: own rules"),
        "kept_until": _("Can be put back until"),
    }


def setup(addon: AddonSetup) -> None:
    """Record the screens."""
    addon.add_models(CleanRun)
    addon.add_workflow(putting_back.WORKFLOW, putting_back)
    addon.add_page(CleaningPage, menu="Organisation/Data cleaning", icon="eraser")
    addon.add_view(CleanRunView, menu="Organisation/Cleanings done", icon="archive")
