"""Screens of duties, incidents and supplements."""

from addons.contracts import services
from addons.contracts.models import Incident, Obligation, Supplement
from addons.contracts.views.contract import LABELS
from addons.contracts.workflow import INCIDENT_WORKFLOW, OBLIGATION_WORKFLOW, SUPPLEMENT_WORKFLOW
from app.sdk.errors import Text
from app.sdk.i18n import _
from app.sdk.views import Calendar, CrudView

DUTY_LABELS: dict[str, Text] = {**LABELS, "title": _("Title")}


class ObligationView(CrudView):
    """Duties of both sides, with evidence."""

    model = Obligation
    title = _("Contract duties")
    list_columns = ("title", "contract", "side", "due_on", "done_on", "owner", "state")
    form_columns = ("contract_id", "title", "side", "due_on")
    edit_columns = ("title", "side", "due_on")
    show_only = ("contract", "done_on", "evidence", "owner")
    search_columns = ("title", "contract_id", "side", "due_on", "done_on", "owner_id", "state")
    labels = DUTY_LABELS
    verbs = ("list", "show", "add", "edit")
    calendar = Calendar("due_on", title="title", colour="state", details=("contract", "side", "owner"))
    create_with = services.create_obligation
    update_with = services.update_obligation
    workflow = OBLIGATION_WORKFLOW


class IncidentView(CrudView):
    """What happened to contracts, and how it was solved."""

    model = Incident
    title = _("Contract incidents")
    list_columns = ("contract", "kind", "what_happened", "reported_at", "due_at", "closed_at", "owner", "state")
    form_columns = ("contract_id", "what_happened")
    edit_columns = ("what_happened",)
    show_only = ("contract", "kind", "reported_at", "due_at", "solution", "closed_at", "owner")
    search_columns = ("contract_id", "kind", "reported_at", "due_at", "owner_id", "state")
    labels = LABELS
    verbs = ("list", "show", "add", "edit")
    create_with = services.report_incident
    update_with = services.update_incident
    workflow = INCIDENT_WORKFLOW


class SupplementView(CrudView):
    """Agreements that add to signed contracts."""

    model = Supplement
    title = _("Supplements")
    list_columns = ("number", "subject", "contract", "partner.name", "signed_on", "owner", "state")
    form_columns = ("contract_id", "subject", "text")
    edit_columns = ("subject", "text")
    show_only = ("number", "contract", "partner", "signed_on", "owner")
    search_columns = ("number", "subject", "contract_id", "partner_id", "signed_on", "owner_id", "state")
    labels = LABELS
    verbs = ("list", "show", "add", "edit")
    create_with = services.create_supplement
    update_with = services.update_supplement
    workflow = SUPPLEMENT_WORKFLOW
