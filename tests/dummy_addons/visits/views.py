"""Screens of visits."""

from addons.visits.models import Visit
from addons.visits.workflow import VISIT_WORKFLOW
from app.sdk.views import CrudView


class VisitView(CrudView):
    """Visits: list, form, REST, and the buttons its workflow allows."""

    model = Visit
    list_columns = ("customer", "visited_on", "minutes", "owner", "state")
    form_columns = ("customer", "visited_on", "minutes", "note")
    search_columns = ("customer", "visited_on", "minutes", "state", "owner_id")
    attachments = True
    workflow = VISIT_WORKFLOW
