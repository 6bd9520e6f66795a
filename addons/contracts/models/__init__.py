"""Tables of contracts, one noun per file."""

from addons.contracts.models.contract import Contract
from addons.contracts.models.credit import Credit
from addons.contracts.models.edition import Edition
from addons.contracts.models.incident import Incident
from addons.contracts.models.installment import Installment
from addons.contracts.models.obligation import Obligation
from addons.contracts.models.party import Party
from addons.contracts.models.review import Review
from addons.contracts.models.supplement import Supplement
from addons.contracts.models.template import Template
from addons.contracts.models.template_clause import TemplateClause

__all__ = [
    "Contract",
    "Credit",
    "Edition",
    "Incident",
    "Installment",
    "Obligation",
    "Party",
    "Review",
    "Supplement",
    "Template",
    "TemplateClause",
]
