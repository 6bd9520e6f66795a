"""Personal data of visitors and customers (P:CRM-20, P:CRM-22)."""

import datetime as dt
from collections.abc import Mapping

from addons.reception.models import Customer, Inquiry, Reception
from app.sdk.database import select, session
from app.sdk.errors import Conflict
from app.sdk.i18n import _
from app.sdk.masterdata import (
    ConsentPurpose,
    Partner,
    contact_refusal,
    opt_in,
    opt_out,
    record_consent,
    withdraw_consent,
)

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


def forget_visitor(partner_id: int) -> None:
    """Remove what receptions, inquiries and the file say of an erased partner; that somebody came stays counted."""
    for reception in session.scalars(select(Reception).where(Reception.partner_id == partner_id)):
        reception.visitor_name = reception.phone = reception.id_no = reception.note = None
        reception.needs = reception.next_step = None
    customer = session.scalar(select(Customer).where(Customer.partner_id == partner_id))
    if customer is None:
        return
    customer.legal_representative = customer.decision_maker = customer.business_scope = None
    customer.buying_power = customer.cooperation_need = customer.budget = customer.remark = None
    for inquiry in session.scalars(select(Inquiry).where(Inquiry.customer_id == customer.id)):
        inquiry.visitor_name = inquiry.phone = inquiry.need = inquiry.note = None
    session.flush()
