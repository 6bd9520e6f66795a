"""Drafts of policy values tried on the files of a month, by the functions that decide; and what they must not break."""

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from addons.reception.choices import FOLLOWED_UP
from addons.reception.models import Category, Customer, FollowUp
from addons.reception.parameters import (
    CATEGORY_CODE_LEN,
    FILE_REVIEW_DAYS,
    FILE_SUBMIT_HOURS,
    FIRST_CONTACT_HOURS,
    FOLLOWUP_DAYS,
    FOLLOWUP_MIN_CHARS,
    GRANT_DAYS,
    OWNER_PROTECT_DAYS,
    PROSPECT_SUBMIT_DAYS,
    REGISTER_HOURS,
    STALE_DAYS,
)
from addons.reception.queries.care import (
    contact_due,
    first_contact_by,
    is_note_long_enough,
    is_stale,
    register_by,
    review_due,
)
from addons.reception.queries.front_desk import local_day, protected_until
from addons.reception.queries.late import days_late, file_minutes_late
from app.sdk.database import Select, select, session
from app.sdk.errors import Text
from app.sdk.i18n import _
from app.sdk.organisation import day_bounds
from app.sdk.parameters import Rehearsal, Standing, Verdict
from app.sdk.security import granted_beyond

Find = Callable[[dt.date, dt.date], Select[Any]]


def _whose(column: Any, *more: Any) -> Find:
    """Return the selection of the customers of whom this instant lies in the month."""

    def find(first: dt.date, last: dt.date) -> Select[Any]:
        within = column.between(day_bounds(first)[0], day_bounds(last)[1])
        return select(Customer).where(within, *more).order_by(column.desc(), Customer.id.desc())

    return find


def _kept(_first: dt.date, last: dt.date) -> Select[Any]:
    """Select the files that somebody keeps and that were last reviewed by the end of the month."""
    return (
        select(Customer)
        .where(Customer.state.in_(FOLLOWED_UP), Customer.archived_at.is_(None), Customer.reviewed_on <= last)
        .order_by(Customer.reviewed_on, Customer.id)
    )


def _noted(first: dt.date, last: dt.date) -> Select[Any]:
    within = FollowUp.at.between(day_bounds(first)[0], day_bounds(last)[1])
    return select(FollowUp).where(within).order_by(FollowUp.at.desc(), FollowUp.id.desc())


def _late(amount: int | None) -> Verdict:
    return Verdict(str(_("late") if amount else _("in time")), Decimal(amount or 0))


def _done_late(done: dt.datetime | None, due: dt.datetime | None) -> Verdict:
    return _late(max(0, int((done - due).total_seconds() // 60)) if done is not None and due is not None else 0)


def _next_contact(customer: Customer, last: dt.date) -> Verdict:
    due, contacted = contact_due(customer, on=last), customer.last_contact_at
    if due is None or contacted is None:
        return Verdict(str(_("nobody has to call")))
    return Verdict(str(_("next contact on %(day)s")) % {"day": due.on}, Decimal((due.on - local_day(contacted)).days))


def _protected(customer: Customer, last: dt.date) -> Verdict:
    until = protected_until(customer, on=last)
    if until < last:
        return Verdict(str(_("free since %(day)s")) % {"day": until + dt.timedelta(days=1)})
    return Verdict(str(_("protected until %(day)s")) % {"day": until}, Decimal((until - last).days + 1))


def _review(customer: Customer, last: dt.date) -> Verdict:
    due = review_due(customer, on=last)
    overdue = (last - due).days if due is not None else 0
    return Verdict(str(_("to be reviewed") if overdue >= 0 else _("not due")), Decimal(max(0, overdue)))


def _stale(customer: Customer, last: dt.date) -> Verdict:
    return Verdict(str(_("stale") if is_stale(customer, on=last) else _("up to date")))


def _note(follow_up: FollowUp, _last: dt.date) -> Verdict:
    long_enough = is_note_long_enough(follow_up.note, on=local_day(follow_up.at))
    return Verdict(str(_("long enough") if long_enough else _("too short: refused")))


def _of(keys: Sequence[str], find: Find, judge: Callable[[Any, dt.date], Verdict], measure: Text = "") -> Rehearsal:
    return Rehearsal(keys=keys, documents=_("customers"), find=find, judge=judge, measure=measure)


REHEARSALS = (
    _of(
        (PROSPECT_SUBMIT_DAYS.key,),
        _whose(Customer.submitted_at),
        lambda one, _last: _late(days_late(one)),
        _("Days late"),
    ),
    _of(
        (FILE_SUBMIT_HOURS.key,),
        _whose(Customer.submitted_at, Customer.file_opened_at.is_not(None)),
        lambda one, _last: _late(file_minutes_late(one)),
        _("Minutes late"),
    ),
    _of(
        (REGISTER_HOURS.key,),
        _whose(Customer.registered_at, Customer.submitted_at.is_not(None)),
        lambda one, _last: _done_late(one.registered_at, register_by(one)),
        _("Minutes late"),
    ),
    _of(
        (FIRST_CONTACT_HOURS.key,),
        _whose(Customer.opened_at, Customer.followed_up_at.is_not(None)),
        lambda one, _last: _done_late(one.followed_up_at, first_contact_by(one)),
        _("Minutes late"),
    ),
    _of(
        tuple(one.key for one in FOLLOWUP_DAYS.values()),
        _whose(Customer.last_contact_at),
        _next_contact,
        _("Days until the next contact"),
    ),
    _of((OWNER_PROTECT_DAYS.key,), _whose(Customer.last_contact_at), _protected, _("Days of protection left")),
    _of((FILE_REVIEW_DAYS.key,), _kept, _review, _("Days overdue")),
    _of((STALE_DAYS.key,), _kept, _stale),
    Rehearsal(keys=(FOLLOWUP_MIN_CHARS.key,), documents=_("follow-ups"), find=_noted, judge=_note),
)


def _of_another_length(digits: int, _valid_from: dt.date) -> Sequence[Category]:
    """Return the categories whose own code would have another length than the tree's (S:REC-07)."""
    every = {one.id: one for one in session.scalars(select(Category).order_by(Category.code))}

    def own_length(one: Category) -> int:
        return len(one.code) - (len(every[one.parent_id].code) if one.parent_id is not None else 0)

    return [
        one
        for one in every.values()
        if len(one.code) - len(every[one.parent_id].code if one.parent_id else "") != digits
    ]


def _granted_longer(days: int, valid_from: dt.date) -> Sequence[Customer]:
    """Return the customers that somebody was granted for longer than could be granted on that day (S:REC-18)."""
    beyond = granted_beyond(valid_from + dt.timedelta(days=days))
    return session.scalars(select(Customer).where(Customer.partner_id.in_(beyond)).order_by(Customer.id)).all()


STANDINGS = (
    Standing(CATEGORY_CODE_LEN.key, _("categories"), _of_another_length),
    Standing(GRANT_DAYS.key, _("customers whose grant lasts longer"), _granted_longer),
)
