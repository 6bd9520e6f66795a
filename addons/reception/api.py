"""What other add-ons may use."""

from addons.reception.choices import CustomerStage, CustomerState, Intent
from addons.reception.events import (
    CustomerFileOpened,
    CustomerRegistered,
    CustomerSubmitted,
    CustomerTakenOver,
    DealAgreed,
    DealUndone,
    PromiseDecided,
    ProspectDecided,
    ProspectOpened,
    ReceptionRecorded,
)
from addons.reception.queries import (
    deal_of,
    entry_warning,
    find_customer_of,
    partner_of,
    pool_is_enabled,
    unapproved_promises,
)
from addons.reception.services import (
    SmsRequest,
    agree_deal,
    note_contract,
    refuse_unapproved_promises,
    refuse_unwanted_contact,
    register_sms_adapter,
    undo_deal,
)

__all__ = [
    "CustomerFileOpened",
    "CustomerRegistered",
    "CustomerStage",
    "CustomerState",
    "CustomerSubmitted",
    "CustomerTakenOver",
    "DealAgreed",
    "DealUndone",
    "Intent",
    "PromiseDecided",
    "ProspectDecided",
    "ProspectOpened",
    "ReceptionRecorded",
    "SmsRequest",
    "agree_deal",
    "deal_of",
    "entry_warning",
    "find_customer_of",
    "note_contract",
    "partner_of",
    "pool_is_enabled",
    "refuse_unapproved_promises",
    "refuse_unwanted_contact",
    "register_sms_adapter",
    "unapproved_promises",
    "undo_deal",
]
