"""Personal data of visitors and customers (P:CRM-20, P:CRM-22)."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from addons.reception.models import (
    CardScan,
    Contact,
    Customer,
    EntryAudit,
    FollowUp,
    Inquiry,
    Negotiation,
    Objection,
    Reception,
    SmsMessage,
)
from addons.reception.queries import find_customer_of, idle_since, local_day
from app.sdk.database import func, or_, select, session, utc_now
from app.sdk.errors import Conflict
from app.sdk.i18n import _
from app.sdk.masterdata import (
    ConsentPurpose,
    Partner,
    contact_refusal,
    erase_personal_data,
    ids_with_numbers,
    opt_in,
    opt_out,
    propose_erasures,
    record_consent,
    withdraw_consent,
)
from app.sdk.organisation import day_bounds

IDLE = "idle"  # How an erasure was asked for: the platform noticed that nobody is in contact.
SOURCE = "customer file"  # How the consent was given, as the consent's record says it.
_PURPOSES = {"marketing_consent": ConsentPurpose.MARKETING, "sensitive_consent": ConsentPurpose.SENSITIVE_DATA}


def set_consents(customer: Customer, wanted: Mapping[str, bool], *, now: dt.datetime) -> None:
    """Record what the customer was told and agreed to, or no longer agrees to; unchanged answers record nothing."""
    if "notice_given" in wanted and bool(wanted["notice_given"]) != customer.notice_given:
        customer.notice_given_at = now if wanted["notice_given"] else None
    if "opt_out" in wanted and bool(wanted["opt_out"]) != customer.opt_out:
        (opt_out(customer.partner, now=now) if wanted["opt_out"] else opt_in(customer.partner))
        session.expire(customer, ["points", "consents"])
    for name, purpose in _PURPOSES.items():
        # Whoever opts out has withdrawn the consent to marketing with it.
        agreed = bool(wanted.get(name)) and not (purpose is ConsentPurpose.MARKETING and wanted.get("opt_out"))
        if name in wanted and agreed != getattr(customer, name):
            if agreed:
                record_consent(customer.partner, purpose=purpose, source=SOURCE, now=now)
            else:
                withdraw_consent(customer.partner, purpose=purpose, now=now)
    session.flush()
    session.expire(customer, ["consents"])


def refuse_unwanted_contact(partner: Partner, *, purpose: ConsentPurpose, now: dt.datetime) -> None:
    """Raise Conflict, saying why, if a partner may not be contacted for this purpose (R2)."""
    if (reason := contact_refusal(partner, purpose=purpose, now=now)) is not None:
        raise Conflict("customer.contact_refused", _("%(name)s: %(reason)s"), name=partner.name, reason=reason)


def forget_visitor(partner_id: int, *, phone_hashes: Collection[str] = ()) -> None:
    """Remove what receptions, inquiries and the file say of an erased partner; that somebody came stays counted.

    Of a visitor without a file they name no partner: those with one of the partner's own numbers are meant too.
    """
    customer = find_customer_of(partner_id)
    hashes = set(phone_hashes)
    receptions = {
        *session.scalars(select(Reception.id).where(Reception.partner_id == partner_id)),
        *_with_phone(Reception, hashes),
    }
    belongs: list[Any] = [Inquiry.reception_id.in_(receptions), Inquiry.id.in_(_with_phone(Inquiry, hashes))]
    if customer is not None:
        erase_personal_data(customer)
        for model in (FollowUp, Negotiation, EntryAudit, Contact, CardScan, SmsMessage):
            for record in session.scalars(select(model).where(model.customer_id == customer.id)):
                erase_personal_data(record)
        rounds = select(Negotiation.id).where(Negotiation.customer_id == customer.id)
        for objection in session.scalars(select(Objection).where(Objection.negotiation_id.in_(rounds))):
            erase_personal_data(objection)
        belongs.append(Inquiry.customer_id == customer.id)
    for inquiry in session.scalars(select(Inquiry).where(or_(*belongs))):
        erase_personal_data(inquiry)
    for reception in session.scalars(select(Reception).where(Reception.id.in_(receptions))):
        erase_personal_data(reception)


def propose_idle_erasures(*, now: dt.datetime | None = None) -> int:
    """Propose to erase whoever was not contacted for `idle_erase_months`, and return how many; people decide."""
    moment = now or utc_now()
    before, _end = day_bounds(idle_since(local_day(moment)))
    idle = select(Customer.partner_id).where(func.coalesce(Customer.last_contact_at, Customer.created_at) < before)
    return propose_erasures(idle, source=IDLE, now=moment)


def _with_phone(model: type[Reception | Inquiry], hashes: Collection[str]) -> list[int]:
    """Return the ids of those with one of these numbers."""
    return list(session.scalars(ids_with_numbers(model, hashes))) if hashes else []
