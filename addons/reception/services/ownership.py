"""Whose customer somebody is, and when another consultant may come in (P:CRM-21)."""

import datetime as dt

from addons.reception.events import CustomerTakenOver
from addons.reception.models import Customer
from addons.reception.queries import local_day, protected_until, unit_id_of
from app.sdk.database import session
from app.sdk.errors import Duplicate
from app.sdk.events import publish
from app.sdk.i18n import _
from app.sdk.models import Employee


def check_claim(customer: Customer, *, claimant: Employee | None, field: str, now: dt.datetime) -> None:
    """Refuse whoever claims a colleague's customer within the protection after the last contact; R5 names the owner."""
    owner = customer.owner
    if owner is None or (claimant is not None and claimant.id == owner.id):
        return
    today = local_day(now)
    until = protected_until(customer, on=today)
    if today <= until:
        raise Duplicate(
            "customer.protected",
            _("%(match)s is the customer of %(owner)s, protected until %(limit)s."),
            match=str(customer),
            field=field,
            owner=owner.name,
            limit=until,
        )


def take_over(customer: Customer, *, owner: Employee, now: dt.datetime, field: str = "owner_id") -> None:
    """Make another consultant answer for a customer whose protection has ended; the file stays as it is.

    Raises Duplicate, naming the owner, while the protection lasts.
    """
    check_claim(customer, claimant=owner, field=field, now=now)
    former_id = customer.owner_id
    if former_id == owner.id:
        return
    set_owner(customer, owner, on=local_day(now))
    customer.last_contact_at = now
    session.flush()
    if former_id is not None:
        publish(
            CustomerTakenOver(
                company_id=customer.company_id,
                customer_id=customer.id,
                partner_id=customer.partner_id,
                former_owner_id=former_id,
                owner_id=owner.id,
            )
        )


def set_owner(customer: Customer, owner: Employee | None, *, on: dt.date) -> None:
    """Write who answers for a file and its partner, and the unit that he works in on that day."""
    unit_id = unit_id_of(owner.id, on=on) if owner is not None else None
    for record in (customer, customer.partner):
        record.owner = owner
        record.owner_id = owner.id if owner is not None else None  # The relationship writes it only at the flush.
        record.org_unit_id = unit_id
