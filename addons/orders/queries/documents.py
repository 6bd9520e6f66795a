"""What is known of reservations and orders."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from addons.orders.choices import LIVE_RESERVATIONS, OrderState, ReservationState
from addons.orders.models import Line, Order, Reservation, ReservationVersion
from addons.orders.queries.amounts import ZERO, plain, words
from addons.payments.api import ReceivableState, find_receivables_of, paid_and_due
from app.sdk.database import func, select, session
from app.sdk.documents import DocumentRef, LinkKind, find_ref, list_links
from app.sdk.errors import Text
from app.sdk.i18n import _

RESERVATION, ORDER = "orders.Reservation", "orders.Order"
_STANDING = (ReceivableState.OPEN, ReceivableState.SETTLED)


def find_reservation(ref: DocumentRef) -> Reservation | None:
    """Return the reservation of a registry entry; None for that of another document."""
    return session.get(Reservation, ref.record_id) if ref.resource == RESERVATION else None


def find_order(ref: DocumentRef) -> Order | None:
    """Return the order of a registry entry; None for that of another document."""
    return session.get(Order, ref.record_id) if ref.resource == ORDER else None


def find_live_order_of(reservation_id: int) -> Order | None:
    """Return the order that was made from a reservation and was not cancelled (S:ORD-09)."""
    return session.scalar(
        select(Order).where(Order.reservation_id == reservation_id, Order.state != OrderState.CANCELLED).limit(1)
    )


def find_reservation_of(order: Order) -> Reservation | None:
    """Return the reservation that an order took over when it was confirmed; None where a contract has it, or nobody."""
    if order.reservation is None or order.reservation.state is not ReservationState.CONTRACTED:
        return None
    ref = find_ref(ORDER, order.id)
    links = list_links(ref) if ref is not None else []
    is_taken = any(link.kind is LinkKind.SETTLES and link.source.resource == RESERVATION for link in links)
    return order.reservation if is_taken else None


def list_versions(reservation_id: int) -> list[ReservationVersion]:
    """Return what was signed before a reservation was amended, the latest first."""
    return list(
        session.scalars(
            select(ReservationVersion)
            .where(ReservationVersion.reservation_id == reservation_id)
            .order_by(ReservationVersion.revision.desc())
        )
    )


def list_lapsed(today: dt.date) -> list[Reservation]:
    """Return the signed reservations whose time is over and on which no deposit was paid."""
    return list(
        session.scalars(
            select(Reservation)
            .where(Reservation.state == ReservationState.SIGNED, Reservation.valid_until < today)
            .order_by(Reservation.id)
        )
    )


def find_live_reservation_of(partner_id: int) -> Reservation | None:
    """Return a reservation that was signed by the partner and still stands."""
    held = select(Reservation).where(Reservation.partner_id == partner_id, Reservation.state.in_(LIVE_RESERVATIONS))
    return session.scalar(held.limit(1))


def count_live_reservations() -> int:
    """Return how many reservations hold something: whoever switches orders off sees it."""
    return session.scalar(select(func.count(Reservation.id)).where(Reservation.state.in_(LIVE_RESERVATIONS))) or 0


def count_open_orders() -> int:
    """Return how many orders are neither closed nor cancelled."""
    done = (OrderState.CLOSED, OrderState.CANCELLED)
    return session.scalar(select(func.count(Order.id)).where(Order.state.not_in(done))) or 0


def payment_of_reservation(reservation_id: int) -> Sequence[tuple[Text, str]]:
    """Return what was paid on a reservation and what is due (S:PAY-04)."""
    return _payment(*_paid_and_due(session.get_one(Reservation, reservation_id), RESERVATION))


def payment_of_order(order_id: int) -> Sequence[tuple[Text, str]]:
    """Return what was paid for an order, the deposit of its reservation included, and what is due (S:PAY-04)."""
    return _payment(*order_payment(session.get_one(Order, order_id)))


def order_payment(order: Order) -> tuple[Decimal, Decimal]:
    """Return what was paid for an order and what is still due, in yuan; the deposit of its reservation counts."""
    paid, due = _paid_and_due(order, ORDER)
    if order.reservation is not None:
        deposit_paid, deposit_due = _paid_and_due(order.reservation, RESERVATION)
        return paid + deposit_paid, due + deposit_due
    return paid, due


def order_receivables(order: Order) -> list[Any]:
    """Return what was asked for an order and stands, the oldest first; not the deposit of its reservation."""
    return _standing(order, ORDER)


def asked_for(order: Order) -> Decimal:
    """Return what was asked for an order so far, in yuan, the deposit of its reservation included."""
    asked = order_receivables(order)
    if order.reservation is not None:
        asked = [*asked, *_standing(order.reservation, RESERVATION)]
    return sum((one.amount - one.waived for one in asked), ZERO)


def explain_reservation(reservation_id: int) -> Sequence[tuple[Text, str]]:
    """Return how the amounts of a reservation came about."""
    return explain(session.get_one(Reservation, reservation_id).lines)


def explain_order(order_id: int) -> Sequence[tuple[Text, str]]:
    """Return how the amounts of an order came about."""
    return explain(session.get_one(Order, order_id).lines)


def explain(lines: Sequence[Line]) -> Sequence[tuple[Text, str]]:
    """Return for each line: quantity × price = amount, and its tax."""
    return [(line.description or str(line.product), _step(line)) for line in lines]


def _standing(document: Order | Reservation, resource: str) -> list[Any]:
    ref = find_ref(resource, document.id)  # Without an entry nothing was asked for it.
    return [one for one in find_receivables_of(ref) if one.state in _STANDING] if ref is not None else []


def _step(line: Line) -> str:
    product = line.gross if line.tax_included else line.net
    rate = plain(line.tax_rate * 100)
    tax = _("%(rate)s %% tax included: %(tax)s") if line.tax_included else _("plus %(rate)s %% tax: %(tax)s")
    said = str(tax) % {"rate": rate, "tax": words(line.tax)}
    return f"{plain(line.quantity)} × {plain(line.unit_price)} = {words(product)} ({said})"


def _paid_and_due(document: Order | Reservation, resource: str) -> tuple[Decimal, Decimal]:
    ref = find_ref(resource, document.id)
    return paid_and_due(ref) if ref is not None else (ZERO, ZERO)


def _payment(paid: Decimal, due: Decimal) -> Sequence[tuple[Text, str]]:
    return [(_("Paid so far"), words(paid)), (_("Still due"), words(due))]
