"""The life of a visit."""

from addons.visits.models import Visit, VisitState
from app.sdk.i18n import _
from app.sdk.workflow import Transition, Workflow

VISIT_WORKFLOW = Workflow(
    Visit,
    Transition("confirm", VisitState.PLANNED, VisitState.DONE, _("Confirm")),
    Transition("cancel", VisitState.PLANNED, VisitState.CANCELLED, _("Cancel")),
)
