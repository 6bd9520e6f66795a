"""Everything the bonus add-on contributes."""

from addons.bonus import handlers, parameters, queries, services, views
from addons.bonus.models import BonusEntry
from addons.visits.api import VisitConfirmed
from app.sdk.addon import AddonSetup


def setup(addon: AddonSetup) -> None:
    """Record it."""
    addon.add_models(BonusEntry)
    addon.add_parameters(parameters.PER_VISIT)
    addon.subscribe(VisitConfirmed, handlers.on_visit_confirmed, veto=True)
    addon.add_catch_up(services.catch_up, count=queries.count_missed)
    addon.extend_view("visits.VisitView", views.BONUS_COLUMN)
    addon.extend_view("visits.VisitView", views.BONUS_TAB)
