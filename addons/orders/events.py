"""What orders announces."""

from dataclasses import dataclass

from app.sdk.events import Event


@dataclass(frozen=True, kw_only=True)
class PriceListApproved(Event):
    """A price list is in force from its first day on."""

    price_list_id: int


@dataclass(frozen=True, kw_only=True)
class ReservationSigned(Event):
    """A reservation form was signed, or signed anew after an amendment; a handler with a veto may refuse it."""

    reservation_id: int
    partner_id: int
    revision: int


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
