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
