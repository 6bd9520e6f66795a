"""Generated screens of reception; REST has the same."""

from addons.reception.views.front_desk import (
    HOME_CARDS,
    CustomerView,
    InquiryView,
    PromiseView,
    ReceptionView,
    TurnQueueView,
)
from addons.reception.views.keeping import FILES_WITHOUT_CUSTODIAN, FORMER_OWNERS, GRANTS

__all__ = [
    "FILES_WITHOUT_CUSTODIAN",
    "FORMER_OWNERS",
    "GRANTS",
    "HOME_CARDS",
    "CustomerView",
    "InquiryView",
    "PromiseView",
    "ReceptionView",
    "TurnQueueView",
]
