"""Record scope: which rows of an owned model a user's roles reach in the active company (S:CORE-08).

A scope belongs to a role: whoever sees all visits of the company by one role and his own customers by another
does not see all customers.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from flask import g, has_request_context
from flask_appbuilder.security.sqla.models import User
from sqlalchemy.orm import aliased

from app.companies.clock import local_today
from app.companies.models import Assignment, Company, MembershipUnit, Scope
from app.companies.org import employee_of, unit_subtree, units_of, valid_on
from app.companies.ownership import Owned
from app.database.base import CompanyModel
from app.database.columns import utc_now
from app.database.context import active_company
from app.database.session import session
from app.security.held_roles import HeldRole, held_roles
from app.security.permissions import NOTHING, permission_cache

Condition = sa.ColumnElement[bool]


def visible(
    model: type[CompanyModel], actor: User, *, verb: str | None = None, on: dt.date | None = None
) -> Condition | None:
    """Return the condition under which the actor reaches rows; None means that there is no restriction.

    With `verb`, only the roles that grant it on this resource count; else all that grant anything on it.
    The organisation is taken as it stands on the day `on`, by default the company's today.
    """
    company_id = active_company()
    held = [role for role in held_roles(actor.id) if role.company_id == company_id is not None]
    if not held:
        return sa.false()
    if not issubclass(model, Owned):
        return None
    reaching = [role for role in held if _grants(role, verb, resource_of(model))]
    scopes = {role.scope for role in reaching}
    if Scope.COMPANY in scopes:
        return None
    if not reaching:
        return sa.false()
    return _owned_by(model, actor, reaching, scopes, on or _today(company_id))


def resource_of(model: type) -> str:
    """Return the resource of a model, from the package it lives in: 'reception.Visit', 'masterdata.Partner'."""
    owner = model.__module__.split(".models")[0].rpartition(".")[2]
    return f"{owner}.{model.__name__}"


def employee_id_of(user: User) -> int | None:
    """Return the active company's employee behind a user. Remembered for the rest of the request."""
    if not has_request_context():
        return _employee_id(user)
    remembered: dict[tuple[int, int | None], int | None] = g.setdefault("employee_ids", {})
    key = (user.id, active_company())
    if key not in remembered:
        remembered[key] = _employee_id(user)
    return remembered[key]


def _owned_by(
    model: type[Owned], actor: User, reaching: Iterable[HeldRole], scopes: set[Scope | None], day: dt.date
) -> Condition:
    employee_id = employee_id_of(actor)
    # Nobody's record is seen by whoever wrote it, or it would vanish when it is saved.
    either = [sa.and_(model.owner_id.is_(None), model.created_by_id == actor.id)]  # type: ignore[attr-defined]
    if employee_id is not None:
        either.append(model.owner_id == employee_id)
        if Scope.TEAM in scopes:
            either.append(model.owner_id.in_(_subordinates(employee_id, day)))
    if Scope.UNIT in scopes:
        by_unit = [role.membership_id for role in reaching if role.scope is Scope.UNIT]
        either.append(model.org_unit_id.in_(_units(by_unit, employee_id, day)))
    return sa.or_(*either)


def _subordinates(employee_id: int, day: dt.date) -> sa.Select[Any]:
    """Select everybody who reports to this employee on that day, directly or not."""
    direct = sa.select(Assignment.employee_id).where(Assignment.superior_id == employee_id, valid_on(Assignment, day))
    team = direct.cte("team", recursive=True)
    further = aliased(Assignment)
    below = sa.select(further.employee_id).join(team, further.superior_id == team.c.employee_id)
    team = team.union(
        below.where(  # UNION, not UNION ALL: a loop ends.
            further.valid_from <= day, sa.or_(further.valid_to.is_(None), further.valid_to >= day)
        )
    )
    return sa.select(team.c.employee_id)


def _units(membership_ids: list[int | None], employee_id: int | None, day: dt.date) -> sa.Select[Any]:
    """Select the units that memberships name, or else the employee's own, with all that lies under them."""
    named = session.execute(
        sa.select(MembershipUnit.membership_id, MembershipUnit.org_unit_id).where(
            MembershipUnit.membership_id.in_(membership_ids)
        )
    ).all()
    roots = {unit_id for _membership, unit_id in named}
    if employee_id is not None and {membership for membership, _unit in named} != set(membership_ids):
        roots.update(session.scalars(units_of(employee_id, on=day)))
    return unit_subtree(roots, on=day)


def _grants(role: HeldRole, verb: str | None, resource: str) -> bool:
    pairs = permission_cache().grants().of_role.get(role.role_id, NOTHING)
    return (f"can_{verb}", resource) in pairs if verb else any(view == resource for _permission, view in pairs)


def _employee_id(user: User) -> int | None:
    employee = employee_of(user.id)
    return employee.id if employee is not None else None


def _today(company_id: int | None) -> dt.date:
    return local_today(session.get_one(Company, company_id), utc_now())
