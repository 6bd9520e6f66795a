"""Verbs of visits."""

from addons.visits.events import VisitConfirmed
from addons.visits.models import Visit
from addons.visits.workflow import VISIT_WORKFLOW
from app.sdk.errors import ValidationError
from app.sdk.events import publish
from app.sdk.i18n import _
from app.sdk.models import User


@VISIT_WORKFLOW.transition("confirm")
def confirm_visit(visit: Visit, *, actor: User, minutes: int) -> None:
    """Record how long the visit took, and announce it."""
    if minutes <= 0:
        raise ValidationError("visits.minutes", _("At least %(minimum)s minute."), field="minutes", minimum=1)
    visit.minutes = minutes
    publish(VisitConfirmed(visit_id=visit.id, company_id=visit.company_id))


@VISIT_WORKFLOW.transition("cancel")
def cancel_visit(visit: Visit, *, actor: User) -> None:
    """Cancel a planned visit."""
