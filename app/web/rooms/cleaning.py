"""Data cleaning, and what was cleaned (S:CORE-15)."""

from typing import Any

from flask import redirect, url_for

from app.addon_loader.contributions import AddonSetup
from app.cleaning import putting_back
from app.cleaning.models import CleanRun
from app.crud.view import CrudView
from app.errors import Text
from app.i18n import _
from app.web.cleaning_page import CleaningPage
from app.workflow.engine import Outcome


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

    def _said(self, outcome: Outcome) -> Text:
        """Return that it has begun: a job does the rest."""
        return _("Begun: %(what)s") if outcome.is_done else super()._said(outcome)

    def _go_to(self, key: int) -> Any:
        """Go to the job that puts the records back, to see how far it is."""
        job = putting_back.open_job_of(key)
        return super()._go_to(key) if job is None else redirect(url_for("JobView.show", job_id=job.id))


def setup(addon: AddonSetup) -> None:
    """Record the screens."""
    addon.add_models(CleanRun)
    addon.add_workflow(putting_back.WORKFLOW, putting_back)
    addon.add_page(CleaningPage, menu="Organisation/Data cleaning", icon="eraser")
    addon.add_view(CleanRunView, menu="Organisation/Cleanings done", icon="archive")
