"""With reception: a reservation is opened when a deal is agreed, and signed only where there is one (P:ORD-01)."""

from addons.orders.events import ReservationSigned
from addons.reception.api import CustomerState, find_customer_of
from app.sdk.addon import AddonSetup
from app.sdk.errors import Conflict
from app.sdk.i18n import _


def setup(addon: AddonSetup) -> None:
    """Record it."""
    addon.subscribe(ReservationSigned, on_reservation_signed, veto=True)


def on_reservation_signed(event: ReservationSigned) -> None:
    """Refuse a signature before the deal was noted; a partner who never was at reception has no file."""
    customer = find_customer_of(event.partner_id)
    if customer is not None and customer.state is not CustomerState.CONVERTED:
        raise Conflict(
            "reservation.no_deal",
            _("Nobody has noted the deal with %(customer)s yet: do so in the customer's file first."),
            customer=customer,
        )
