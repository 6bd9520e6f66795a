"""The roles a user holds, globally and per company, with these companies: one SQL statement per request."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import Group, Role, User, assoc_group_role, assoc_user_group, assoc_user_role

from app.companies.models import Company, Employee, Membership, Scope
from app.database.context import active_company
from app.database.remembering import Memory
from app.database.session import session
from app.security.permissions import permission_cache

_KNOWN = Memory("held_roles", Company, Group, Membership, User, for_request=True)


@dataclass(frozen=True)
class HeldRole:
    """A role that a user holds; without a company it is a global one, for the platform's own screens."""

    role_id: int
    company_id: int | None
    membership_id: int | None
    scope: Scope | None


@dataclass(frozen=True)
class _Held:
    roles: tuple[HeldRole, ...]
    companies: tuple[Company, ...]


def held_roles(user_id: int) -> tuple[HeldRole, ...]:
    """Return every role this user holds, in all active companies. Remembered for the rest of the request."""
    return _held(user_id).roles


def entered_companies(user_id: int) -> tuple[Company, ...]:
    """Return the active companies in which this user holds a role, by name, from what the request has read already."""
    companies = _held(user_id).companies
    if any(sa.inspect(company).expired for company in companies):  # By a rollback: one statement, not one for each.
        return _read(user_id).companies
    return companies


def is_member(user_id: int, company_id: int) -> bool:
    """Tell whether this user holds a role in this company, from what the request has read already."""
    return any(held.company_id == company_id for held in held_roles(user_id))


def holds_role(actor: User, role: str) -> bool:
    """Tell whether the actor holds the role of this name in the active company."""
    company_id, role_id = active_company(), permission_cache().get().names.get(role)
    return any(held.role_id == role_id and held.company_id == company_id for held in held_roles(actor.id))


def employees_holding(role: str, *, on: dt.date) -> Sequence[Employee]:
    """Return those who hold the role of this name in the active company, can log in, and work there on that day."""
    holders = (
        sa.select(Membership.user_id)
        .join(Role, Role.id == Membership.role_id)
        .join(User, User.id == Membership.user_id)
        .where(Role.name == role, Membership.company_id == active_company(), User.active.is_(True))
    )
    found = session.scalars(sa.select(Employee).where(Employee.user_id.in_(holders)).order_by(Employee.id))
    return [employee for employee in found if employee.works_on(on)]


def _held(user_id: int) -> _Held:
    known: dict[int, _Held] = _KNOWN.recall(session)
    if user_id not in known:
        known[user_id] = _read(user_id)
    return known[user_id]


def _statement() -> sa.Select[Any]:
    user_id = sa.bindparam("user_id", type_=sa.Integer)
    in_companies = sa.select(
        Membership.role_id, Membership.company_id, Membership.id.label("membership_id"), Membership.scope
    ).where(Membership.user_id == user_id)
    nowhere = (sa.null(), sa.null(), sa.null())
    held, grouped = assoc_user_role.c, assoc_user_group.c
    own = sa.select(held.role_id, *nowhere).where(held.user_id == user_id)
    through_groups = (
        sa.select(assoc_group_role.c.role_id, *nowhere)
        .join(assoc_user_group, grouped.group_id == assoc_group_role.c.group_id)
        .where(grouped.user_id == user_id)
    )
    roles = sa.union_all(in_companies, own, through_groups).subquery()
    return (
        sa.select(*roles.c, Company)
        .outerjoin(Company, Company.id == roles.c.company_id)
        .where(sa.or_(roles.c.company_id.is_(None), Company.active))
        .order_by(Company.name, Company.id)
    )


_HELD = _statement()  # Built once: building it costs as much as running it.


def _read(user_id: int) -> _Held:
    rows = session.execute(_HELD, {"user_id": user_id}).all()
    companies = dict.fromkeys(row.Company for row in rows if row.Company is not None)
    return _Held(tuple(HeldRole(*row[:4]) for row in rows), tuple(companies))
