"""Generated screens of contracts; REST has the same."""

from addons.contracts.views.contract import ACTIONS, TABS, ContractView, PartyView
from addons.contracts.views.performance import IncidentView, ObligationView, SupplementView
from addons.contracts.views.template import READ_FIELDS, READ_VERSION, ReviewView, TemplateView
from addons.contracts.views.todos import TODO_LISTS

__all__ = [
    "ACTIONS",
    "READ_FIELDS",
    "READ_VERSION",
    "TABS",
    "TODO_LISTS",
    "ContractView",
    "IncidentView",
    "ObligationView",
    "PartyView",
    "ReviewView",
    "SupplementView",
    "TemplateView",
]
