"""When customers are due: for a contact, for a review of the file, for registration (P:CRM-06, 11, 13, S:REC-13)."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from addons.reception.choices import FOLLOWED_UP, CustomerState, Grade, Intent
from addons.reception.models import Customer, EntryAudit, Grading
from addons.reception.parameters import (
    FILE_REVIEW_DAYS,
    FIRST_CONTACT_HOURS,
    FOLLOWUP_DAYS,
    FOLLOWUP_MIN_CHARS,
    POOL_ENABLED,
    REGISTER_HOURS,
    STALE_DAYS,
)
from addons.reception.queries.front_desk import local_day
from app.sdk.database import Select, and_, or_, select, session, utc_now
from app.sdk.errors import Text
from app.sdk.i18n import _
from app.sdk.masterdata import Partner
from app.sdk.models import User
from app.sdk.organisation import active_zone, day_bounds
from app.sdk.security import employee_id_of, visible
from app.sdk.workflow import MOST_TODOS


def _kept() -> Any:
    """Return the condition of the files that somebody keeps: neither given up nor archived."""
    return and_(Customer.state.in_(FOLLOWED_UP), Customer.archived_at.is_(None))


@dataclass(frozen=True)
class ContactDue:
    """The day of the next contact, and why: a plan, or so many days after the last one."""

    on: dt.date
    level: str = ""
    days: int = 0


def level_of(customer: Customer) -> str | None:
    """Return how closely a customer is followed up: by the grade, without one by the intent to buy."""
    if customer.grade is not None:
        return customer.grade.value
    return customer.intent.value if customer.intent is not None and customer.intent.is_purchase else None


def contact_due(customer: Customer, *, on: dt.date) -> ContactDue | None:
    """Return when a customer is to be contacted again; None for one whom nobody has to follow up (P:CRM-11)."""
    if customer.state not in FOLLOWED_UP or customer.last_contact_at is None:
        return None
    level, planned = level_of(customer), customer.next_contact_on
    by_level = None
    if level is not None:
        last, days = local_day(customer.last_contact_at), FOLLOWUP_DAYS[level].value(on)
        by_level = ContactDue(last + dt.timedelta(days=days), level, days)
    if planned is not None and (by_level is None or planned < by_level.on):
        return ContactDue(planned)
    return by_level


def first_contact_by(customer: Customer) -> dt.datetime | None:
    """Return by when somebody new is, or was, to be followed up for the first time (P:CRM-11)."""
    if customer.opened_at is None:
        return None
    return customer.opened_at + dt.timedelta(hours=FIRST_CONTACT_HOURS.value(local_day(customer.opened_at)))


def register_by(customer: Customer) -> dt.datetime | None:
    """Return by when a file that was handed in is, or was, to be registered (P:CRM-06)."""
    if customer.submitted_at is None:
        return None
    return customer.submitted_at + dt.timedelta(hours=REGISTER_HOURS.value(local_day(customer.submitted_at)))


def is_note_long_enough(note: str, *, on: dt.date) -> bool:
    """Tell whether a note says enough of what was discussed (S:REC-19)."""
    return len(note) >= FOLLOWUP_MIN_CHARS.value(on)


def first_contact_due(customer: Customer) -> dt.datetime | None:
    """Return by when somebody new is to be followed up for the first time; None once that is done (P:CRM-11)."""
    if customer.followed_up_at is not None or customer.state not in FOLLOWED_UP:
        return None
    return first_contact_by(customer)


def register_due(customer: Customer) -> dt.datetime | None:
    """Return by when a file that was handed in is to be registered; None for one that does not wait (P:CRM-06)."""
    return register_by(customer) if customer.state is CustomerState.SUBMITTED else None


def review_due(customer: Customer, *, on: dt.date) -> dt.date | None:
    """Return when a file is to be reviewed; None for one that nobody keeps any more (P:CRM-13)."""
    if customer.reviewed_on is None or customer.state not in FOLLOWED_UP:
        return None
    return customer.reviewed_on + dt.timedelta(days=FILE_REVIEW_DAYS.value(on))


def is_stale(customer: Customer, *, on: dt.date) -> bool:
    """Tell whether a file was neither changed nor confirmed for longer than the company allows (S:REC-13)."""
    if customer.reviewed_on is None or customer.state not in FOLLOWED_UP:
        return False
    return (on - customer.reviewed_on).days > STALE_DAYS.value(on)


def due_contacts(on: dt.date) -> Select[Any]:
    """Select the customers whose day of contact has come."""
    levels = [_of_level(level, on) for level in FOLLOWUP_DAYS]
    return (
        select(Customer)
        .where(
            _kept(),
            or_(Customer.opened_at.is_(None), Customer.followed_up_at.is_not(None)),  # The first one has its own list.
            or_(Customer.next_contact_on <= on, *levels),
        )
        .order_by(Customer.last_contact_at, Customer.id)
    )


def _of_level(level: str, on: dt.date) -> Any:
    """Return the condition under which customers of this level were last contacted long enough ago."""
    day = on - dt.timedelta(days=FOLLOWUP_DAYS[level].value(on))
    by_intent = and_(Customer.grade.is_(None), Customer.intent == Intent(level))
    return and_(or_(Customer.grade == Grade(level), by_intent), Customer.last_contact_at <= day_bounds(day)[1])


def first_contacts() -> Select[Any]:
    """Select the customers whom nobody has followed up yet."""
    return (
        select(Customer)
        .where(_kept(), Customer.opened_at.is_not(None), Customer.followed_up_at.is_(None))
        .order_by(Customer.opened_at, Customer.id)
    )


def due_reviews(on: dt.date) -> Select[Any]:
    """Select the customers whose file is to be reviewed."""
    day = on - dt.timedelta(days=FILE_REVIEW_DAYS.value(on))
    return select(Customer).where(_kept(), Customer.reviewed_on <= day).order_by(Customer.reviewed_on, Customer.id)


def waiting_for_register() -> Select[Any]:
    """Select the files that were handed in and are not registered."""
    return (
        select(Customer)
        .where(_kept(), Customer.state == CustomerState.SUBMITTED, Customer.submitted_at.is_not(None))
        .order_by(Customer.submitted_at, Customer.id)
    )


def pool_is_enabled() -> bool:
    """Tell whether customers may be claimed from the public pool, where an add-on keeps one (S:REC-03)."""
    return POOL_ENABLED.value(local_day(utc_now()))


def in_states(*states: CustomerState) -> Select[Any]:
    """Select the customers in one of these states."""
    return select(Customer).where(_kept(), Customer.state.in_(states)).order_by(Customer.id)


def list_own(statement: Select[Any], model: type[Customer | EntryAudit], *, actor: User) -> list[Any]:
    """Return those of a selection that the actor himself answers for, as many as a to-do list shows."""
    me = employee_id_of(actor)
    return _with_names(statement.where(model.owner_id == me)) if me is not None else []


def list_reached(
    statement: Select[Any], model: type[Customer | EntryAudit | Grading], *, actor: User, verb: str
) -> list[Any]:
    """Return those of a selection that the actor reaches by this verb, as many as a to-do list shows."""
    within = visible(model, actor, verb=verb)
    narrowed = statement if within is None else statement.where(within)
    return _with_names(narrowed)


def _with_names(statement: Select[Any]) -> list[Any]:
    """Return the records with the customers and partners that name them, in three statements at most."""
    found = list(session.scalars(statement.limit(MOST_TODOS)))
    if not found:
        return []
    keys = {one.customer_id for one in found if not isinstance(one, Customer)}
    customers = list(session.scalars(select(Customer).where(Customer.id.in_(keys)))) if keys else found
    partners = {one.partner_id for one in customers}
    held = list(session.scalars(select(Partner).where(Partner.id.in_(partners))))
    for one in (*customers, *found):
        str(one)  # Finds its partner in memory as long as `held` is there, and keeps it.
    del held
    return found


def due_pairs(customer_id: int) -> list[tuple[Text, Any]]:
    """Return what is due of a customer, and why, for the page of the file."""
    customer, now = session.get_one(Customer, customer_id), utc_now()
    today = local_day(now)
    pairs: list[tuple[Text, Any]] = []
    if (first := first_contact_due(customer)) is not None:
        pairs.append((_("First follow-up by"), _mark(first, is_overdue=first < now)))
    if (contact := contact_due(customer, on=today)) is not None:
        why = _("planned") if not contact.level else _("level %(level)s: every %(days)s days")
        words = str(why) % {"level": contact.level, "days": contact.days}
        pairs.append((_("Next contact on"), f"{_mark(contact.on, is_overdue=contact.on < today)} ({words})"))
    if (register := register_due(customer)) is not None:
        pairs.append((_("Register by"), _mark(register, is_overdue=register < now)))
    if (review := review_due(customer, on=today)) is not None:
        pairs.append((_("Review on"), _mark(review, is_overdue=review < today)))
        if is_stale(customer, on=today):
            pairs.append((_("Stale"), True))
    return pairs


def _mark(due: dt.date | dt.datetime, *, is_overdue: bool) -> str:
    """Return a day or an instant in words, with a mark when it is past."""
    local = due.astimezone(active_zone()) if isinstance(due, dt.datetime) else due
    text = f"{local:%Y-%m-%d %H:%M}" if isinstance(due, dt.datetime) else f"{local:%Y-%m-%d}"
    return f"{text} · {_('Overdue')}" if is_overdue else text
