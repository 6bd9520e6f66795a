"""Keeping what was signed, before it is amended (P:ORD-03)."""

from addons.orders.models import Reservation, ReservationVersion
from addons.orders.queries import lines_in_words
from app.sdk.database import session, utc_now


def keep_version(reservation: Reservation, *, reason: str) -> ReservationVersion:
    """Keep the form as it was signed, with its lines in words."""
    version = ReservationVersion(
        reservation_id=reservation.id,
        revision=reservation.revision,
        signed_at=reservation.signed_at or utc_now(),
        net=reservation.net,
        tax=reservation.tax,
        gross=reservation.gross,
        deposit=reservation.deposit,
        reason=reason,
        lines=lines_in_words(reservation.lines),
    )
    session.add(version)
    session.flush()
    return version
