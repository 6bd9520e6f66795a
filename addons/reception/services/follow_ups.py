"""Contacts with customers, and keeping their files true (S:REC-13, S:REC-19, P:CRM-11, P:CRM-13)."""

import datetime as dt

from addons.reception.choices import ContactMethod
from addons.reception.models import Customer, FollowUp
from addons.reception.parameters import FOLLOWUP_MIN_CHARS
from addons.reception.queries import is_note_long_enough, local_day
from addons.reception.workflow import CUSTOMER_WORKFLOW
from app.sdk.database import session
from app.sdk.errors import ValidationError
from app.sdk.i18n import _
from app.sdk.masterdata import clean_text
from app.sdk.models import User
from app.sdk.organisation import employee_of
from app.sdk.workflow import LongText


@CUSTOMER_WORKFLOW.transition("follow_up")
def follow_up(
    customer: Customer,
    *,
    actor: User,
    now: dt.datetime,
    method: ContactMethod,
    note: LongText,
    contacted_at: dt.datetime | None = None,
    next_contact_on: dt.date | None = None,
) -> None:
    """Save a contact: how, what was said, and when the next one is planned; without an instant it was just now.

    Raises ValidationError for an empty or too short note, an instant in the future, and a next day before it.
    """
    at = contacted_at or now
    text = _checked_note(note, on=local_day(at))
    if at > now:
        raise ValidationError("follow_up.future", _("A contact cannot lie in the future."), field="contacted_at")
    if next_contact_on is not None and next_contact_on < local_day(at):
        raise ValidationError(
            "follow_up.next",
            _("The next contact cannot be before this one, on %(limit)s."),
            field="next_contact_on",
            limit=local_day(at),
        )
    employee = employee_of(actor.id)
    session.add(
        FollowUp(
            customer_id=customer.id,
            at=at,
            method=method,
            note=text,
            next_on=next_contact_on,
            owner_id=employee.id if employee is not None else customer.owner_id,
            org_unit_id=customer.org_unit_id,
        )
    )
    customer.followed_up_at = min(customer.followed_up_at or at, at)
    if customer.last_contact_at is None or customer.last_contact_at <= at:
        customer.last_contact_at, customer.next_contact_on = at, next_contact_on
    session.flush()


def _checked_note(note: str, *, on: dt.date) -> str:
    text = clean_text(note) or ""
    if not is_note_long_enough(text, on=on):
        raise ValidationError(
            "follow_up.short",
            _("Say in at least %(limit)s characters what was discussed; these are %(length)s."),
            field="note",
            limit=FOLLOWUP_MIN_CHARS.value(on),
            length=len(text),
        )
    return text


@CUSTOMER_WORKFLOW.transition("review")
def review_customer(customer: Customer, *, actor: User, today: dt.date) -> None:
    """Confirm that a file is still true, as it has to be now and then (P:CRM-13)."""
    customer.reviewed_on = today
