"""Screens of templates and of reviews."""

from typing import Any

from addons.contracts import queries, services
from addons.contracts.models import Review, Template
from addons.contracts.workflow import REVIEW_WORKFLOW, TEMPLATE_WORKFLOW
from app.sdk.documents import Attachment
from app.sdk.errors import Text
from app.sdk.forms import DayField
from app.sdk.i18n import _
from app.sdk.views import Action, CrudView, Lines

LABELS: dict[str, Text] = {
    "edition": _("Version"),
    "revision": _("Version"),
    "clauses": _("Proposed wording"),
    "contract": _("Of contract"),
    "contract_id": _("Of contract"),
    "decided_by": _("Reviewer"),
    "decided_at": _("Reviewed at"),
}
TEMPLATE_FIELDS = {"valid_from": DayField(_("Valid from"), hint=_("Today, if left blank."))}


class TemplateView(CrudView):
    """Templates in Word, one record for each version."""

    model = Template
    title = _("Contract templates")
    list_columns = ("name", "edition", "valid_from", "retired_on", "state")
    form_columns = ("name", "valid_from", "note")
    edit_columns = ("valid_from", "note")
    show_only = ("edition", "retired_on", "text")
    search_columns = ("name", "edition", "valid_from", "state")
    labels = LABELS
    fields = TEMPLATE_FIELDS
    lines = Lines("clauses", ("kind", "text"), key="text", label=_("Proposed wording"), maximum=20)
    attachments = True
    create_with = services.create_template
    update_with = services.update_template
    delete_with = services.delete_template
    workflow = TEMPLATE_WORKFLOW

    @staticmethod
    def check_file(record: Any, attachment: Attachment, *, is_new: bool) -> None:
        """Read the Word file when it is attached, and keep that of a version in force."""
        services.check_template_file(record, attachment, is_new=is_new)


READ_FIELDS = Action(
    "fields",
    _("Fields and sample"),
    lambda key: f"/contracts/sample/?template={key}",
    icon="list",
    resource="contracts.Template",
)


class ReviewView(CrudView):
    """What legal, finance and others say of a version, side by side."""

    model = Review
    title = _("Contract reviews")
    list_columns = ("contract", "revision", "kind", "owner", "opinion", "decided_by", "decided_at", "state")
    form_columns = ("contract_id", "revision", "kind", "opinion", "decided_at", "owner_id")
    show_only = ("decided_by",)
    search_columns = ("contract_id", "kind", "owner_id", "decided_at", "state")
    labels = LABELS
    verbs = ("list", "show")
    workflow = REVIEW_WORKFLOW


def _version_of(key: int) -> str | None:
    """Return where the version under review is read, beside the one before it, if there was one (P:CON-04)."""
    review = queries.find_review(key)
    if review is None:
        return None
    before = f"&left={review.revision - 1}" if review.revision > 1 else ""
    return f"/contracts/reading/?contract={review.contract_id}&right={review.revision}{before}"


READ_VERSION = Action("read", _("Read the text"), _version_of, icon="book-open", tells=("contract_id",))
