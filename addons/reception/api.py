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
from addons.reception.queries import find_customer_of, unapproved_promises
from addons.reception.services import agree_deal, refuse_unwanted_contact, undo_deal

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
    "agree_deal",
    "find_customer_of",
    "refuse_unwanted_contact",
    "unapproved_promises",
    "undo_deal",
]
