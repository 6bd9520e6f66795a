"""Generated screens of reception; REST has the same."""

from addons.reception.views.care import (
    BY_CARD,
    BY_HAND,
    CUSTOMER_TABS,
    DUE_SECTION,
    WHY_THIS_GRADE,
    CardScanView,
    CategoryView,
    ContactView,
    EntryAuditView,
    FollowUpView,
    GradingView,
    NegotiationView,
)
from addons.reception.views.front_desk import (
    HOME_CARDS,
    CustomerView,
    InquiryView,
    PromiseView,
    ReceptionView,
    TurnQueueView,
)
from addons.reception.views.keeping import FILES_WITHOUT_CUSTODIAN, FORMER_OWNERS, GRANTS
from addons.reception.views.sms import SMS_TAB, SmsGatewayView, SmsMessageView, SmsTemplateView
from addons.reception.views.todos import CLOCKS, TODO_LISTS

__all__ = [
    "BY_CARD",
    "BY_HAND",
    "CLOCKS",
    "CUSTOMER_TABS",
    "DUE_SECTION",
    "FILES_WITHOUT_CUSTODIAN",
    "FORMER_OWNERS",
    "GRANTS",
    "HOME_CARDS",
    "SMS_TAB",
    "TODO_LISTS",
    "WHY_THIS_GRADE",
    "CardScanView",
    "CategoryView",
    "ContactView",
    "CustomerView",
    "EntryAuditView",
    "FollowUpView",
    "GradingView",
    "InquiryView",
    "NegotiationView",
    "PromiseView",
    "ReceptionView",
    "SmsGatewayView",
    "SmsMessageView",
    "SmsTemplateView",
    "TurnQueueView",
]
