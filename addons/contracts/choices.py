"""The closed sets of contracts; the database checks them too."""

from enum import StrEnum
from typing import ClassVar


class TemplateState(StrEnum):
    """Only a template in force makes contracts (P:CON-02)."""

    __tones__: ClassVar = {"in_force": "green", "retired": "red"}

    DRAFT = "draft"
    IN_FORCE = "in_force"
    RETIRED = "retired"


class ClauseKind(StrEnum):
    """The clauses of a contract; each is a column of it and a field of templates (P:CON-05, P:CON-07, S:CON-01)."""

    PARTIES = "parties"
    CONTENT = "content"
    PRICE_TERMS = "price_terms"
    DELIVERY_TERMS = "delivery_terms"
    PAYMENT_TERMS = "payment_terms"
    AFTER_SALES_TERMS = "after_sales_terms"
    COOPERATION_TERMS = "cooperation_terms"
    SELLER_DUTIES = "seller_duties"
    BUYER_DUTIES = "buyer_duties"
    BREACH_TERMS = "breach_terms"


class ContractState(StrEnum):
    """How far a contract has come (P section 2)."""

    __tones__: ClassVar = {
        "submitted": "blue",
        "approved": "blue",
        "signed": "green",
        "performing": "green",
        "completed": "green",
        "breach": "red",
        "terminated": "red",
        "expired": "amber",
        "amending": "amber",
    }

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    SIGNED = "signed"
    PERFORMING = "performing"
    BREACH = "breach"
    AMENDING = "amending"
    COMPLETED = "completed"
    EXPIRED = "expired"
    TERMINATED = "terminated"
    ARCHIVED = "archived"
    CANCELLED = "cancelled"


class SignMode(StrEnum):
    """How it was signed (S:CON-03)."""

    FACE_TO_FACE = "face_to_face"
    BY_POST = "by_post"
    ELECTRONIC = "electronic"


class Side(StrEnum):
    """Whose duty, or whose breach."""

    SELLER = "seller"
    BUYER = "buyer"


class PartyRole(StrEnum):
    """What somebody else than the buyer has to do with a contract."""

    CO_BUYER = "co_buyer"
    PAYER = "payer"
    AGENT = "agent"


class ReviewKind(StrEnum):
    """Who looks at a contract before it is approved (S:CON-02); the last two at out-stationed ones (S:CON-08)."""

    LEGAL = "legal"
    FINANCE = "finance"
    BRANCH = "branch"
    HEADQUARTERS = "headquarters"


class ReviewState(StrEnum):
    """A review is given once; what is returned begins anew with the next version."""

    __tones__: ClassVar = {"agreed": "green", "returned": "red", "void": "grey"}

    PENDING = "pending"
    AGREED = "agreed"
    RETURNED = "returned"
    VOID = "void"


class ObligationState(StrEnum):
    """Whether a duty was performed."""

    __tones__: ClassVar = {"open": "blue", "done": "green"}

    OPEN = "open"
    DONE = "done"
    WAIVED = "waived"


class IncidentKind(StrEnum):
    """What an incident is about: something special, or a step taken too late."""

    SPECIAL = "special"
    LATE_ENTRY = "late_entry"
    LATE_ARCHIVE = "late_archive"


class IncidentState(StrEnum):
    """An incident is closed with its solution only (P:CON-09)."""

    __tones__: ClassVar = {"open": "amber", "closed": "green"}

    OPEN = "open"
    CLOSED = "closed"


class SupplementState(StrEnum):
    """A supplement counts once it is signed (S:CON-04)."""

    __tones__: ClassVar = {"signed": "green", "cancelled": "red"}

    DRAFT = "draft"
    SIGNED = "signed"
    CANCELLED = "cancelled"


class DepositDecision(StrEnum):
    """What becomes of the money of a contract that ends early; payments books it."""

    NONE_PAID = "none_paid"
    REFUND = "refund"
    FORFEIT = "forfeit"
    DOUBLE_RETURN = "double_return"
    TRANSFER = "transfer"
