"""The closed sets of reception; the database checks them too."""

from enum import StrEnum
from typing import ClassVar


class Intent(StrEnum):
    """How far a visitor intends to buy (P:REC-04)."""

    A = "A"
    B = "B"
    C = "C"
    NONE = "none"

    @property
    def is_purchase(self) -> bool:
        """Tell whether there is an intent at all, so that a customer file is due (P:CRM-05)."""
        return self is not Intent.NONE


class CustomerStage(StrEnum):
    """What a file is: of somebody who asked, or of somebody who intends to buy (customer file, 客户档案)."""

    PROSPECT = "prospect"
    CUSTOMER_FILE = "customer_file"


class CustomerState(StrEnum):
    """How far a prospect or customer file has come; P section 2. Whoever asks for it is erased."""

    __tones__: ClassVar = {"registered": "blue", "rejected": "red", "converted": "green"}

    DRAFT = "draft"
    SUBMITTED = "submitted"
    REGISTERED = "registered"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    CONVERTED = "converted"
    ERASED = "erased"


class ReceptionState(StrEnum):
    """How far a reception has come; P section 2."""

    __tones__: ClassVar = {"recorded": "blue", "assessed": "amber", "printed": "green"}

    DRAFT = "draft"
    IN_PROGRESS = "in_progress"
    RECORDED = "recorded"
    ASSESSED = "assessed"
    PRINTED = "printed"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class DutyState(StrEnum):
    """Whether a consultant takes visitors at present (P:REC-06)."""

    __tones__: ClassVar = {"on_duty": "green", "leave": "amber"}

    ON_DUTY = "on_duty"
    REST = "rest"
    LEAVE = "leave"


class InquiryChannel(StrEnum):
    """How somebody asked (S:REC-23)."""

    PHONE_IN = "phone_in"
    WALK_IN = "walk_in"


class InquiryState(StrEnum):
    """What became of an inquiry."""

    __tones__: ClassVar = {"received": "green", "filed": "green", "closed": "gray"}

    OPEN = "open"
    RECEIVED = "received"
    FILED = "filed"
    CLOSED = "closed"


class PromiseState(StrEnum):
    """Whether what a visitor was promised holds (P:REC-05)."""

    __tones__: ClassVar = {"requested": "amber"}

    REQUESTED = "requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
