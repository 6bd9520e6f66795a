"""Steps of customer files that had to be done by a moment, for the report of overdue steps (P:RP-24)."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from addons.reception.choices import FOLLOWED_UP, CustomerState
from addons.reception.models import Customer
from addons.reception.parameters import FILE_SUBMIT_HOURS, FIRST_CONTACT_HOURS, REGISTER_HOURS
from addons.reception.queries.front_desk import local_day
from app.sdk.database import or_, select, session
from app.sdk.i18n import _
from app.sdk.security import visible
from app.sdk.workflow import Deadline, Span

_LONGEST = dt.timedelta(days=366)  # As many hours as the policy values below may say.
_UNFINISHED = (CustomerState.DRAFT, CustomerState.REJECTED)


def late_files(asked: Span) -> Iterator[Deadline]:
    """Yield the files that were to be handed to the supervisor (P:CRM-05)."""
    began, done = Customer.file_opened_at, Customer.submitted_at
    where = or_(done.is_not(None), Customer.state.in_(_UNFINISHED))
    for one, due, ended in _late(began, done, FILE_SUBMIT_HOURS, where, asked):
        yield _deadline(one, _("Hand the file to the supervisor"), due, ended, holder=one.owner)


def late_registrations(asked: Span) -> Iterator[Deadline]:
    """Yield the files that were to be registered (P:CRM-06); who has registered one held it."""
    began, done = Customer.submitted_at, Customer.registered_at
    where = or_(done.is_not(None), Customer.state == CustomerState.SUBMITTED)
    for one, due, ended in _late(began, done, REGISTER_HOURS, where, asked):
        yield _deadline(one, _("Register the customer"), due, ended, holder=one.registrar)


def late_first_contacts(asked: Span) -> Iterator[Deadline]:
    """Yield the customers who were to be followed up for the first time (P:CRM-11)."""
    began, done = Customer.opened_at, Customer.followed_up_at
    where = Customer.state.in_(FOLLOWED_UP)
    for one, due, ended in _late(began, done, FIRST_CONTACT_HOURS, where, asked):
        yield _deadline(one, _("First follow-up"), due, ended, holder=one.owner)


def _late(
    began: Any, done: Any, hours: Any, where: Any, asked: Span
) -> Iterator[tuple[Customer, dt.datetime, dt.datetime | None]]:
    """Yield the files whose step fell due in that time and was late; titles of the others are not read."""
    statement = select(Customer).where(began >= asked.start - _LONGEST, began < asked.end, where)
    within = visible(Customer, asked.actor, verb=asked.verb)
    for one in session.scalars(statement if within is None else statement.where(within)):
        since, ended = getattr(one, began.key), getattr(one, done.key)
        due = since + dt.timedelta(hours=hours.value(local_day(since)))
        if asked.start <= due < asked.end and (ended or asked.now) > due:
            yield one, due, ended


def _deadline(one: Customer, step: Any, due: dt.datetime, done: dt.datetime | None, *, holder: Any) -> Deadline:
    return Deadline(
        document=str(one),
        resource="reception.Customer",
        record_id=one.id,
        step=step,
        holder=holder,
        org_unit_id=one.org_unit_id,
        due=due,
        done=done,
    )
