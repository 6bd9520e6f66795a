"""Generated screens of reception; REST has the same."""

from addons.reception.views.front_desk import (
    HOME_CARDS,
    CustomerView,
    InquiryView,
    PromiseView,
    ReceptionView,
    TurnQueueView,
)

__all__ = ["HOME_CARDS", "CustomerView", "InquiryView", "PromiseView", "ReceptionView", "TurnQueueView"]
