"""What bonus does when visits announces something."""

from addons.bonus.services import accrue_for_visit
from addons.visits.api import VisitConfirmed, get_visit


def on_visit_confirmed(event: VisitConfirmed) -> None:
    """Accrue the bonus of this visit."""
    accrue_for_visit(event.visit_id, on=get_visit(event.visit_id).visited_on)
