"""What other add-ons may use."""

from addons.reception.choices import CustomerStage, CustomerState, Intent
from addons.reception.events import (
    CustomerFileOpened,
    CustomerSubmitted,
    CustomerTakenOver,
    PromiseDecided,
    ProspectOpened,
    ReceptionRecorded,
)
from addons.reception.queries import find_customer_of, unapproved_promises
from addons.reception.services import refuse_unwanted_contact

__all__ = [
    "CustomerFileOpened",
    "CustomerStage",
    "CustomerState",
    "CustomerSubmitted",
    "CustomerTakenOver",
    "Intent",
    "PromiseDecided",
    "ProspectOpened",
    "ReceptionRecorded",
    "find_customer_of",
    "refuse_unwanted_contact",
    "unapproved_promises",
]
