"""The running numbers of contracts."""

from app.sdk.i18n import _
from app.sdk.masterdata import NumberFormat, NumberSeriesDefinition

CONTRACT_NUMBERS = "contracts.contract"
SUPPLEMENT_NUMBERS = "contracts.supplement"

NUMBER_SERIES = (
    NumberSeriesDefinition(CONTRACT_NUMBERS, _("Contracts"), NumberFormat("HT{yyyy}-{number:04}")),
    NumberSeriesDefinition(SUPPLEMENT_NUMBERS, _("Supplements"), NumberFormat("BC{yyyy}-{number:04}")),
)
