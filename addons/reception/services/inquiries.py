"""The phone-in and walk-in register (S:REC-23)."""

import datetime as dt
from typing import Any

from addons.reception.models import Inquiry
from addons.reception.parameters import INQUIRY_REQUIRED
from addons.reception.queries import local_day, unit_id_of
from addons.reception.services.customers import create_customer
from addons.reception.services.receptions import create_reception
from addons.reception.workflow import INQUIRY_WORKFLOW
from app.sdk.database import session, utc_now
from app.sdk.errors import ValidationError
from app.sdk.i18n import _, humanize
from app.sdk.masterdata import clean_text, parse_phone
from app.sdk.models import User
from app.sdk.organisation import employee_of


def create_inquiry(*, actor: User, now: dt.datetime | None = None, **values: Any) -> Inquiry:
    """Register a call or a walk-in; without an owner the actor follows it up.

    Raises ValidationError for what the company requires and is missing.
    """
    moment = now or utc_now()
    inquiry = Inquiry(**{"received_at": moment, **{name: value for name, value in values.items() if value is not None}})
    if inquiry.owner_id is None:
        employee = employee_of(actor.id)
        inquiry.owner_id = employee.id if employee else None
    _check(inquiry)
    session.add(inquiry)
    session.flush()
    return inquiry


def update_inquiry(inquiry: Inquiry, *, actor: User, **values: Any) -> None:
    """Change an entry; only what is given changes."""
    for name, value in values.items():
        setattr(inquiry, name, value)
    _check(inquiry)
    session.flush()


def _check(inquiry: Inquiry) -> None:
    if inquiry.received_at is None:
        raise ValidationError(
            "inquiry.required", _("%(label)s is required."), field="received_at", label=_(humanize("received_at"))
        )
    day = local_day(inquiry.received_at)
    for name in INQUIRY_REQUIRED.value(day):
        value = getattr(inquiry, name, None)
        if value is None or (isinstance(value, str) and clean_text(value) is None):
            raise ValidationError("inquiry.required", _("%(label)s is required."), field=name, label=_(humanize(name)))
    typed = clean_text(inquiry.phone)
    inquiry.phone = parse_phone(typed, field="phone") if typed else None
    inquiry.org_unit_id = unit_id_of(inquiry.owner_id, on=day) if inquiry.owner_id is not None else None


@INQUIRY_WORKFLOW.transition("receive")
def receive_inquiry(inquiry: Inquiry, *, actor: User, now: dt.datetime) -> None:
    """Open the reception of whoever asked; the consultant starts it when the visitor is there."""
    inquiry.reception = create_reception(
        actor=actor,
        now=now,
        owner_id=inquiry.owner_id,
        visitor_name=inquiry.visitor_name,
        phone=inquiry.phone,
        source_id=inquiry.source_id,
        needs=inquiry.need,
    )


@INQUIRY_WORKFLOW.transition("open_file")
def open_file_of_inquiry(inquiry: Inquiry, *, actor: User, now: dt.datetime) -> None:
    """Open a prospect's file of whoever asked. Raises Duplicate, naming the owner, for somebody on file."""
    inquiry.customer = create_customer(
        actor=actor,
        now=now,
        name=inquiry.visitor_name,
        phone=inquiry.phone,
        source_id=inquiry.source_id,
        cooperation_need=inquiry.need,
        owner_id=inquiry.owner_id,
        received_on=local_day(inquiry.received_at),
    )


@INQUIRY_WORKFLOW.transition("close")
def close_inquiry(inquiry: Inquiry, *, actor: User, reason: str) -> None:
    """Close an inquiry that leads to nothing; the log keeps the reason."""
