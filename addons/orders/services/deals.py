"""Deals that were agreed and have to be entered (P:ORD-04)."""

import datetime as dt

from addons.orders.events import DealEntered
from addons.orders.models import AgreedDeal, Order, Reservation
from addons.orders.parameters import ENTRY_HOURS
from addons.orders.queries import find_open_deal
from app.sdk.database import session
from app.sdk.documents import ref_of
from app.sdk.events import publish
from app.sdk.organisation import local_day


def note_deal(partner_id: int, *, agreed_at: dt.datetime, owner_id: int | None, org_unit_id: int | None) -> AgreedDeal:
    """Note that somebody has a deal to enter, and until when."""
    hours = ENTRY_HOURS.value(local_day(agreed_at))
    deal = AgreedDeal(
        partner_id=partner_id,
        agreed_at=agreed_at,
        due_at=agreed_at + dt.timedelta(hours=hours),
        owner_id=owner_id,
        org_unit_id=org_unit_id,
    )
    session.add(deal)
    session.flush()
    return deal


def enter_deal(document: Order | Reservation, resource: str, *, now: dt.datetime) -> None:
    """Note that the deal of a document's partner was entered as this document, and whether that was late."""
    deal = find_open_deal(document.partner_id)
    if deal is not None:
        ref = ref_of(document, resource)
        deal.entered_at, deal.document_id, deal.is_late = now, ref.id, now > deal.due_at
        session.flush()
        publish(DealEntered(company_id=deal.company_id, partner_id=document.partner_id, document_id=ref.id))


def drop_deal(partner_id: int) -> None:
    """Forget a deal that came to nothing before it was entered."""
    deal = find_open_deal(partner_id)
    if deal is not None:
        session.delete(deal)
        session.flush()
