"""What orders announces."""

from dataclasses import dataclass

from app.sdk.events import Event


@dataclass(frozen=True, kw_only=True)
class PriceListApproved(Event):
    """A price list is in force from its first day on."""

    price_list_id: int


@dataclass(frozen=True, kw_only=True)
class DealEntered(Event):
    """An agreed deal was entered as the document of this registry entry: a reservation or an order."""

    partner_id: int
    document_id: int


@dataclass(frozen=True, kw_only=True)
class ReservationSigned(Event):
    """A reservation form was signed, or signed anew after an amendment; a handler with a veto may refuse it."""

    reservation_id: int
    partner_id: int
    revision: int


@dataclass(frozen=True, kw_only=True)
class ReservationPrinted(Event):
    """A reservation form goes to paper, for the first time or again; a handler with a veto may refuse it."""

    reservation_id: int
    partner_id: int


@dataclass(frozen=True, kw_only=True)
class DepositPaid(Event):
    """What is to be paid on a reservation now has come in."""

    reservation_id: int
    partner_id: int


@dataclass(frozen=True, kw_only=True)
class ReservationEnded(Event):
    """A reservation came to nothing: it expired or was cancelled. Its items are free again."""

    reservation_id: int
    partner_id: int
    state: str


@dataclass(frozen=True, kw_only=True)
class ShortageFound(Event):
    """Goods of an order are missing: somebody has to make or buy them. Sent again when another quantity is noted."""

    order_id: int
    shortage_id: int


@dataclass(frozen=True, kw_only=True)
class OrderAudited(Event):
    """An order passed the sales audit."""

    order_id: int


@dataclass(frozen=True, kw_only=True)
class OrderConfirmed(Event):
    """An order binds the company and has its number; a handler with a veto, such as stock, may refuse it."""

    order_id: int
    partner_id: int


@dataclass(frozen=True, kw_only=True)
class OrderReleased(Event):
    """Departments may begin to work on an order."""

    order_id: int


@dataclass(frozen=True, kw_only=True)
class OrderReopened(Event):
    """A confirmed order went back to be changed: what was kept for it is free."""

    order_id: int


@dataclass(frozen=True, kw_only=True)
class GoodsReturned(Event):
    """What a return order names has come in; a handler with a veto, such as stock, may refuse it."""

    return_id: int
    order_id: int


@dataclass(frozen=True, kw_only=True)
class OrderCancelled(Event):
    """An order came to nothing before anything was delivered."""

    order_id: int
    partner_id: int


@dataclass(frozen=True, kw_only=True)
class OrderShipped(Event):
    """Goods of an order left. Sent again for each further part."""

    order_id: int


@dataclass(frozen=True, kw_only=True)
class OrderDelivered(Event):
    """The customer signed for everything, or does without the rest."""

    order_id: int


@dataclass(frozen=True, kw_only=True)
class OrderChanged(Event):
    """A change of a confirmed order was applied: quantities, total or promised day."""

    order_id: int
    change_id: int


@dataclass(frozen=True, kw_only=True)
class ForceMajeureNoted(Event):
    """An order is held up by force majeure, and the customer was told."""

    order_id: int
    note_id: int


@dataclass(frozen=True, kw_only=True)
class WrittenRecordMissed(Event):
    """A verbal order was not put in writing in time. Sent once."""

    order_id: int


@dataclass(frozen=True, kw_only=True)
class OrderPapersMissing(Event):
    """The papers of a closed order were not filed in time. Sent once."""

    order_id: int
