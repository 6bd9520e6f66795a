"""With reception: a reservation is opened when a deal is agreed, and signed only where there is one (P:ORD-01)."""

from collections.abc import Callable
from typing import Any

from addons.orders import services
from addons.orders.events import DealEntered, ReservationPrinted, ReservationSigned
from addons.orders.queries import ZERO, find_live_reservation_of, list_purchases
from addons.orders.queries.purchases import Purchase
from addons.reception.api import (
    CustomerState,
    DealAgreed,
    DealUndone,
    deal_of,
    find_customer_of,
    partner_of,
    refuse_unapproved_promises,
)
from app.sdk.addon import AddonSetup
from app.sdk.database import session
from app.sdk.documents import DocumentRef, LinkKind, link_documents
from app.sdk.errors import Conflict, Text
from app.sdk.i18n import _
from app.sdk.views import Action, Section, Tab


def setup(addon: AddonSetup) -> None:
    """Record it."""
    addon.subscribe(ReservationSigned, on_reservation_signed, veto=True)
    addon.subscribe(ReservationPrinted, on_reservation_printed, veto=True)
    addon.subscribe(DealAgreed, on_deal_agreed)
    addon.subscribe(DealUndone, on_deal_undone, veto=True)
    addon.subscribe(DealEntered, on_deal_entered)
    addon.extend_view("reception.CustomerView", NEW_RESERVATION)
    addon.extend_view("reception.CustomerView", NEW_ORDER)
    addon.extend_view("reception.CustomerView", PURCHASES)
    addon.extend_view("reception.CustomerView", BOUGHT)


def on_deal_agreed(event: DealAgreed) -> None:
    """Put the deal on the list of what has to be entered (P:ORD-04)."""
    customer = find_customer_of(event.partner_id)
    if customer is not None and customer.agreed_at is not None:
        services.note_deal(
            event.partner_id, agreed_at=customer.agreed_at, owner_id=customer.owner_id, org_unit_id=customer.org_unit_id
        )


def on_deal_undone(event: DealUndone) -> None:
    """Take a deal that came to nothing off that list; refuse while something is held for the customer."""
    live = find_live_reservation_of(event.partner_id)
    if live is not None:
        raise Conflict("deal.reserved", _("%(document)s still stands: cancel it first."), document=live)
    services.drop_deal(event.partner_id)


def on_deal_entered(event: DealEntered) -> None:
    """Link what the deal was entered as with the round of negotiation that led to it."""
    deal, document = deal_of(event.partner_id), session.get(DocumentRef, event.document_id)
    if deal is not None and document is not None:
        link_documents(deal, document, kind=LinkKind.CREATES)


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


def _purchases(customer_id: int) -> list[Purchase]:
    partner_id = partner_of(customer_id)
    return [] if partner_id is None else list_purchases(partner_id)


def _bought(customer_id: int) -> list[tuple[Text, Any]]:
    """Return how much the customer bought in all, and when last (S:REC-12)."""
    found = _purchases(customer_id)
    total = sum((one.gross for one in found), ZERO)
    return [(_("Bought in all"), total), (_("Last purchase"), found[0].doc_date)] if found else []


PURCHASES = Tab(
    "purchases",
    _("Purchases"),
    ("doc_date", "number", "description", "model", "quantity", "gross"),
    _purchases,
    labels={"doc_date": _("Date"), "model": _("Style number"), "gross": _("Amount")},
    view="orders.OrderView",
    resource="orders.Order",
)
BOUGHT = Section("bought", _("Purchases"), _bought, resource="orders.Order")


def on_reservation_printed(event: ReservationPrinted) -> None:
    """Refuse the paper while the customer believes in a promise that nobody has approved (P:REC-05)."""
    refuse_unapproved_promises(event.partner_id)


def on_reservation_signed(event: ReservationSigned) -> None:
    """Refuse a signature before the deal was noted; a partner who never was at reception has no file."""
    customer = find_customer_of(event.partner_id)
    if customer is not None and customer.state is not CustomerState.CONVERTED:
        raise Conflict(
            "reservation.no_deal",
            _("Nobody has noted the deal with %(customer)s yet: do so in the customer's file first."),
            customer=customer,
        )
