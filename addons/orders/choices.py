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
    TRANSFER = "bank_transfer"
    CARD = "bank_card"
    ONLINE = "online"
    CREDIT = "credit"


class ReturnState(StrEnum):
    """The life of a return order: what the customer sends back, and what he gets for it (S:PAY-06)."""

    __tones__: ClassVar = {
        "requested": "amber",
        "approved": "blue",
        "received": "blue",
        "refunded": "green",
        "exchanged": "green",
        "rejected": "red",
        "cancelled": "red",
    }

    REQUESTED = "requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    RECEIVED = "received"
    REFUNDED = "refunded"
    EXCHANGED = "exchanged"
    CANCELLED = "cancelled"


GIVEN_UP_RETURNS = (ReturnState.REJECTED, ReturnState.CANCELLED)


class ReturnWish(StrEnum):
    """What the customer wants for what he returns."""

    REFUND = "refund"
    EXCHANGE = "exchange"


class InvoiceRequestState(StrEnum):
    """A request for an invoice waits for finance, which issues it or says why not (P:PAY-04)."""

    __tones__: ClassVar = {"requested": "amber", "issued": "green", "rejected": "red"}

    REQUESTED = "requested"
    ISSUED = "issued"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


BOUND_ORDERS = (OrderState.CONFIRMED, OrderState.RELEASED, OrderState.SHIPPED, OrderState.PART_DELIVERED)


CHECKED_ORDERS = (OrderState.SUBMITTED, OrderState.AUDITED, OrderState.FINANCE_AUDITED)


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


class DispatchPart(StrEnum):
    """Which part of what was ordered a department works on (P:ORD-06)."""

    WHOLE = "whole"
    IN_STOCK = "in_stock"
    MISSING = "missing"


class ShortageState(StrEnum):
    """Goods that are missing need a date of replenishment before the order binds the company (S:ORD-06)."""

    __tones__: ClassVar = {"open": "red", "dated": "amber", "covered": "green"}

    OPEN = "open"
    DATED = "dated"
    COVERED = "covered"
    CANCELLED = "cancelled"


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


class QuotationState(StrEnum):
    """The life of a quotation (S:ORD-15); one that is negotiated anew is a draft again."""

    __tones__: ClassVar = {"sent": "blue", "accepted": "green", "ordered": "green", "expired": "red", "lost": "red"}

    DRAFT = "draft"
    SENT = "sent"
    ACCEPTED = "accepted"
    ORDERED = "ordered"
    EXPIRED = "expired"
    LOST = "lost"


class DiscountState(StrEnum):
    """The life of a discount request (优惠申请)."""

    __tones__: ClassVar = {
        "reviewing": "amber",
        "reviewed": "amber",
        "deciding": "amber",
        "approved": "blue",
        "issued": "green",
        "rejected": "red",
    }

    DRAFT = "draft"
    REVIEWING = "reviewing"
    REVIEWED = "reviewed"
    DECIDING = "deciding"
    APPROVED = "approved"
    ISSUED = "issued"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


LIVE_DISCOUNTS = (
    DiscountState.DRAFT,
    DiscountState.REVIEWING,
    DiscountState.REVIEWED,
    DiscountState.DECIDING,
    DiscountState.APPROVED,
)


class DiscountKind(StrEnum):
    """What a preferential term is: the first two lower the price, the others go beside it."""

    PERCENT = "percent"
    AMOUNT = "amount"
    GIFT = "gift"
    TERMS = "terms"
