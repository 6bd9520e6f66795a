"""What orders does when others announce something."""

from addons.orders.events import ReservationEnded
from addons.orders.queries import find_live_discount
from addons.orders.services import drop_discount, follow_receipt, refuse_unaudited
from addons.payments.api import MoneyAllocated, PeriodClosed


def on_money_allocated(event: MoneyAllocated) -> None:
    """Bring the reservation up to date on which money was paid, or taken back (P:ORD-02)."""
    follow_receipt(event.receipt_id)


def on_period_closed(event: PeriodClosed) -> None:
    """Refuse to close a month with orders, returns or requests that wait for an audit (S:PAY-05)."""
    if event.audited:
        refuse_unaudited(event.month, legal_entity_id=event.legal_entity_id)


def on_reservation_ended(event: ReservationEnded) -> None:
    """Ask for no discount on a reservation that came to nothing."""
    request = find_live_discount(event.reservation_id)
    if request is not None:
        drop_discount(request, actor=None)
