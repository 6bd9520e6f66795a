"""With reception: a reservation is opened when a deal is agreed, and signed only where there is one (P:ORD-01)."""

from collections.abc import Callable

from addons.orders import services
from addons.orders.events import ReservationSigned
from addons.reception.api import CustomerState, DealAgreed, DealUndone, find_customer_of, partner_of
from app.sdk.addon import AddonSetup
from app.sdk.errors import Conflict
from app.sdk.i18n import _
from app.sdk.views import Action


def setup(addon: AddonSetup) -> None:
    """Record it."""
    addon.subscribe(ReservationSigned, on_reservation_signed, veto=True)
    addon.subscribe(DealAgreed, on_deal_agreed)
    addon.subscribe(DealUndone, on_deal_undone)
    addon.extend_view("reception.CustomerView", NEW_RESERVATION)
    addon.extend_view("reception.CustomerView", NEW_ORDER)


def on_deal_agreed(event: DealAgreed) -> None:
    """Put the deal on the list of what has to be entered (P:ORD-04)."""
    customer = find_customer_of(event.partner_id)
    if customer is not None and customer.agreed_at is not None:
        services.note_deal(
            event.partner_id, agreed_at=customer.agreed_at, owner_id=customer.owner_id, org_unit_id=customer.org_unit_id
        )


def on_deal_undone(event: DealUndone) -> None:
    """Take a deal that came to nothing off that list."""
    services.drop_deal(event.partner_id)


def _form(noun: str) -> Callable[[int], str | None]:
    """Return what opens an empty form for the partner of a customer's file (S:ORD-20)."""

    def url(customer_id: int) -> str | None:
        partner_id = partner_of(customer_id)
        return None if partner_id is None else f"/orders/{noun}/add?partner_id={partner_id}"

    return url


NEW_RESERVATION = Action(
    "new_reservation", _("New reservation"), _form("reservation"), "file-text", "orders.Reservation"
)
NEW_ORDER = Action("new_order", _("New order"), _form("order"), "package", "orders.Order")


def on_reservation_signed(event: ReservationSigned) -> None:
    """Refuse a signature before the deal was noted; a partner who never was at reception has no file."""
    customer = find_customer_of(event.partner_id)
    if customer is not None and customer.state is not CustomerState.CONVERTED:
        raise Conflict(
            "reservation.no_deal",
            _("Nobody has noted the deal with %(customer)s yet: do so in the customer's file first."),
            customer=customer,
        )
