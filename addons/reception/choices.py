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


FOLLOWED_UP = (  # Files that somebody keeps: they are followed up, reviewed and graded.
    CustomerState.DRAFT,
    CustomerState.SUBMITTED,
    CustomerState.REGISTERED,
    CustomerState.CONFIRMED,
    CustomerState.CONVERTED,
)


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


class CreateMode(StrEnum):
    """How a customer's file came about (S:REC-03)."""

    MANUAL = "manual"
    CARD_SCAN = "card_scan"
    POOL = "pool"


class Lifecycle(StrEnum):
    """How close somebody is to the company: 潜在, 意向, 签约 (S:REC-06)."""

    __tones__: ClassVar = {"intending_customer": "blue", "signed_customer": "green"}

    POTENTIAL = "potential_customer"
    INTENDING = "intending_customer"
    SIGNED = "signed_customer"


class Potential(StrEnum):
    """How much more a customer could buy (S:REC-06)."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Grade(StrEnum):
    """What a customer is worth, by weighted score (S:REC-08)."""

    A = "A"
    B = "B"
    C = "C"


class GradingState(StrEnum):
    """Whether a proposed grade was accepted (S:REC-09)."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class AuditState(StrEnum):
    """How far the audit of a customer's entry has come (S:REC-10)."""

    DRAFT = "draft"
    PENDING = "pending"
    VERIFIED = "verified"
    RETURNED = "returned"


class ContactMethod(StrEnum):
    """How somebody was contacted (P:CRM-11)."""

    PHONE = "phone"
    MAIL = "mail"
    WECHAT = "wechat"
    MEETING = "meeting"
    VISIT = "visit"


class NegotiationState(StrEnum):
    """Whether a round of negotiation is over (P:CRM-07), and whether consultant and customer agreed (P:CRM-08)."""

    __tones__: ClassVar = {"won": "green", "lost": "red"}

    OPEN = "open"
    CLOSED = "closed"
    WON = "won"
    LOST = "lost"
    CANCELLED = "cancelled"


class CardState(StrEnum):
    """What became of a business card (S:REC-04)."""

    DRAFT = "draft"
    FILED = "filed"
    DISCARDED = "discarded"


class SmsState(StrEnum):
    """What became of a text message (S:REC-22)."""

    __tones__: ClassVar = {"queued": "amber", "sent": "green", "failed": "red"}

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
