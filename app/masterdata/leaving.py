"""Somebody's last day: all that is in his hands passes to others, and his access ends, at once."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.audit import record_security_event
from app.companies.clock import active_zone
from app.companies.models import Assignment, Employee, Membership
from app.database.session import session
from app.errors import Conflict, NotAllowed, ValidationError
from app.events.bus import publish
from app.i18n import _
from app.masterdata.events import EmployeeLeft
from app.masterdata.holdings import Holding, open_holdings
from app.masterdata.models import Partner
from app.masterdata.transfer import note_change, refuse_inactive, unit_of
from app.security.logins import revoke_logins

SHOWN = 5
REASON = "left"  # Why a partner has another owner, as its history says.


@dataclass(frozen=True)
class Held:
    """How much of one kind somebody holds, and the first of it."""

    holding: Holding
    count: int
    first: list[Any]


def list_held(employee: Employee) -> list[Held]:
    """Return what is in an employee's hands, kind by kind; kinds of which there is nothing are left out."""
    found = []
    for holding in open_holdings():
        conditions = holding.held_by(employee.id)
        if count := holding.count(conditions):
            found.append(Held(holding, count, holding.first(conditions, limit=SHOWN)))
    return found


def end_employment(
    employee: Employee, *, last_day: dt.date, successors: Mapping[str, Employee], actor: User, now: dt.datetime
) -> int:
    """Hand all that somebody holds to the successors named for each kind, and end his access; return how much it was.

    Raises ValidationError for a last day that is still to come or before he began, and for a kind without a successor;
    Conflict for a successor who cannot take over; NotAllowed for one's own employment.
    """
    today = now.astimezone(active_zone()).date()
    _check(employee, last_day, today, actor)
    held = list_held(employee)
    for one in held:
        _check_successor(one, employee, successors.get(one.holding.name), today)
    _keep_owners(employee, successors, now)
    for one in held:
        receiver = successors[one.holding.name]
        unit_id = unit_of(receiver, on=today)
        one.holding.hand_on(one.holding.held_by(employee.id), receiver=receiver, org_unit_id=unit_id)
    employee.left_on = last_day
    _end_positions(employee, last_day)
    _end_access(employee, now)
    session.flush()
    publish(EmployeeLeft(company_id=employee.company_id, employee_id=employee.id))
    return sum(one.count for one in held)


def _check(employee: Employee, last_day: dt.date, today: dt.date, actor: User) -> None:
    if employee.user_id is not None and employee.user_id == actor.id:
        raise NotAllowed("leaving.self", _("You cannot end your own employment."))
    if employee.left_on is not None and employee.left_on < today:
        raise Conflict("leaving.left", _("%(name)s does not work here any more."), name=employee.name)
    if not employee.hired_on <= last_day <= today:
        raise ValidationError(
            "leaving.day",
            _("Choose a day from %(first)s to %(limit)s."),
            field="last_day",
            first=employee.hired_on,
            limit=today,
        )


def _check_successor(held: Held, employee: Employee, successor: Employee | None, today: dt.date) -> None:
    field = f"successor:{held.holding.name}"
    if successor is None or successor.id == employee.id:
        raise ValidationError(
            "leaving.successor", _("Choose who takes over: %(what)s."), field=field, what=held.holding.label
        )
    refuse_inactive(successor, on=today, field=field)


def _keep_owners(employee: Employee, successors: Mapping[str, Employee], now: dt.datetime) -> None:
    receiver = successors.get("masterdata.partners")
    if receiver is None:
        return
    owned = sa.select(Partner.id).where(
        Partner.owner_id == employee.id, Partner.archived_at.is_(None), Partner.anonymised_at.is_(None)
    )
    for partner_id in session.scalars(owned).all():
        note_change(partner_id, former_id=employee.id, receiver=receiver, reason=REASON, now=now)


def _end_positions(employee: Employee, last_day: dt.date) -> None:
    for assignment in session.scalars(sa.select(Assignment).where(Assignment.employee_id == employee.id)):
        if assignment.valid_from > last_day:
            session.delete(assignment)
        elif assignment.valid_to is None or assignment.valid_to > last_day:
            assignment.valid_to = last_day


def _end_access(employee: Employee, now: dt.datetime) -> None:
    """Take the roles in this company; who has none anywhere else cannot log in any more."""
    user = employee.user
    if user is None:
        return
    held = sa.select(Membership).where(Membership.user_id == user.id)
    for membership in session.scalars(held.where(Membership.company_id == employee.company_id)).all():
        record_security_event(
            "role.taken",
            member_id=user.id,
            member=user.username,
            role=membership.role.name,
            scope=membership.scope.value,
        )
        session.delete(membership)
    session.flush()
    if session.scalar(held.limit(1)) is None and not user.roles:
        user.active = False
    revoke_logins(user.id, now=now)
