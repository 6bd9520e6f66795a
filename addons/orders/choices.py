"""The closed sets of orders; the database checks them too."""

from enum import StrEnum
from typing import ClassVar


class PriceListState(StrEnum):
    """Only an approved price list prices anything; a withdrawn one did so once."""

    __tones__: ClassVar = {"approved": "green", "withdrawn": "red"}

    DRAFT = "draft"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


class ReservationState(StrEnum):
    """The life of a reservation form (预定书)."""

    __tones__: ClassVar = {
        "discount_pending": "amber",
        "signed": "blue",
        "deposit_paid": "blue",
        "amending": "amber",
        "contracted": "green",
        "expired": "red",
        "cancelled": "red",
    }

    DRAFT = "draft"
    DISCOUNT_PENDING = "discount_pending"
    READY = "ready_to_sign"
    SIGNED = "signed"
    DEPOSIT_PAID = "deposit_paid"
    AMENDING = "amending"
    CONTRACTED = "contracted"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    DISCARDED = "discarded"


LIVE_RESERVATIONS = (ReservationState.SIGNED, ReservationState.DEPOSIT_PAID, ReservationState.AMENDING)


class OrderState(StrEnum):
    """The life of a sales order, from what was typed to what was signed for."""

    __tones__: ClassVar = {
        "submitted": "amber",
        "audited": "blue",
        "finance_audited": "blue",
        "confirmed": "blue",
        "released": "blue",
        "shipped": "blue",
        "part_delivered": "blue",
        "delivered": "green",
        "closed": "green",
        "cancelled": "red",
    }

    DRAFT = "draft"
    SUBMITTED = "submitted"
    AUDITED = "audited"
    FINANCE_AUDITED = "finance_audited"
    CONFIRMED = "confirmed"
    RELEASED = "released"
    SHIPPED = "shipped"
    PART_DELIVERED = "part_delivered"
    DELIVERED = "delivered"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class OrderForm(StrEnum):
    """How the customer ordered (S:ORD-01)."""

    WRITTEN = "written"
    ELECTRONIC = "electronic"
    VERBAL = "verbal"


class BusinessType(StrEnum):
    """Domestic sales are ordinary; export is shipped in instalments and costed with the invoice (S:ORD-16)."""

    DOMESTIC = "domestic"
    EXPORT = "export"


class PaymentMethod(StrEnum):
    """How the customer is going to pay (S:ORD-02)."""

    CASH = "cash"
    TRANSFER = "transfer"
    CARD = "card"
    ONLINE = "online"
    CREDIT = "credit"


BOUND_ORDERS = (OrderState.CONFIRMED, OrderState.RELEASED, OrderState.SHIPPED, OrderState.PART_DELIVERED)


class SalesChannel(StrEnum):
    """Where a sale was made (S:ORD-23)."""

    OFFLINE = "offline"
    ONLINE = "online"


class CheckKind(StrEnum):
    """What is looked at before an order binds the company (S:ORD-03)."""

    CREDIT = "credit"
    RULE = "rule"
    STOCK = "stock"


class CheckState(StrEnum):
    """How a check went; an overridden one failed, and somebody in charge answers for it."""

    __tones__: ClassVar = {"passed": "green", "failed": "red", "overridden": "amber"}

    OPEN = "open"
    PASSED = "passed"
    FAILED = "failed"
    OVERRIDDEN = "overridden"


class GuaranteeKind(StrEnum):
    """What stands for a customer's debt (担保)."""

    SURETY = "surety"
    MORTGAGE = "mortgage"
    PLEDGE = "pledge"
    BANK_GUARANTEE = "bank_guarantee"


class RequestState(StrEnum):
    """How far a department has come with its part of an order (S:ORD-07)."""

    __tones__: ClassVar = {"in_progress": "blue", "done": "green", "cancelled": "red"}

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    CANCELLED = "cancelled"


class NoteKind(StrEnum):
    """What is told of an order on its way (S:ORD-08)."""

    PROGRESS = "progress"
    PROBLEM = "problem"
    FORCE_MAJEURE = "force_majeure"


class ChangeState(StrEnum):
    """The life of a change of an order (S:ORD-10)."""

    __tones__: ClassVar = {"assessed": "amber", "approved": "blue", "applied": "green", "refused": "red"}

    DRAFT = "draft"
    ASSESSED = "assessed"
    APPROVED = "approved"
    APPLIED = "applied"
    REFUSED = "refused"


class SaleState(StrEnum):
    """What became of a sale: 未成交, 待跟进, 已签订合同 (S:ORD-23)."""

    __tones__: ClassVar = {"follow_up": "amber", "contract_signed": "green"}

    NOT_SOLD = "not_sold"
    FOLLOW_UP = "follow_up"
    CONTRACT_SIGNED = "contract_signed"
