"""Regional administrators: whoever administers by units gives roles to the people of these units only (S:CORE-05)."""

import datetime as dt
from collections.abc import Collection

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.sqla.models import User

from app.companies.models import Assignment, Employee, Membership, Position, Scope
from app.companies.org import units_of, valid_on
from app.database.session import session
from app.errors import NotAllowed
from app.extensions import appbuilder
from app.i18n import _
from app.security.audit import record_denial
from app.security.gate import owner_of
from app.security.permissions import NOTHING, permission_cache
from app.security.rights import MENU
from app.security.scope import units_reached

RESOURCE = "companies.Members"
ADMITS = ("can_admit", RESOURCE)  # Whoever holds this names the roles of others.


def managed_units(actor: User) -> frozenset[int] | None:
    """Return the units whose people the actor administers, with all below them; None: the whole company."""
    return units_reached(actor, verb="admit", resource=RESOURCE)


def people_of(units: Collection[int] | sa.Select[int], *, on: dt.date) -> sa.Select[int | None]:
    """Return a selection of the ids of the users who work in one of these units, given or selected, on that day."""
    return (
        sa.select(Employee.user_id)
        .join(Assignment, Assignment.employee_id == Employee.id)
        .join(Position, Position.id == Assignment.position_id)
        .where(Employee.user_id.is_not(None), Position.org_unit_id.in_(units), valid_on(Assignment, on))
    )


def require_managed(actor: User, user: User, *, on: dt.date) -> None:
    """Raise NotAllowed for a user outside of the units that the actor administers; it is recorded (S:CORE-05)."""
    units = managed_units(actor)
    if units is None or session.scalar(people_of(units, on=on).where(Employee.user_id == user.id).limit(1)) is not None:
        return
    record_denial(actor.id, verb="admit", resource=RESOURCE, member_id=user.id)
    raise NotAllowed(
        "member.region", _("%(user)s does not work in the units that you administer."), user=user.get_full_name()
    )


def require_delegable(actor: User, role: RoleRow, *, scope: Scope, unit_ids: Collection[int]) -> None:
    """Raise NotAllowed where a regional administrator gives more than his region, or an administrator's role."""
    units = managed_units(actor)
    if units is None:
        return
    if scope is Scope.COMPANY or set(unit_ids) - units:
        raise NotAllowed("member.region_scope", _("You can let a role reach only the units that you administer."))
    held = appbuilder().sm.granted(actor)
    pairs = permission_cache().get().of_role.get(role.id, NOTHING)
    beyond = any(owner_of(pair[1]) is None and pair[0] != MENU and pair not in held for pair in pairs)
    if beyond or ADMITS in pairs:
        record_denial(actor.id, verb="admit", resource=RESOURCE, role=role.name)
        raise NotAllowed("member.region_role", _("Administrators are named by the administrator of the company."))


def fellow_administrators(membership: Membership, *, on: dt.date) -> int:
    """Return how many people administer the same as this membership, its holder included; 0: it administers nothing.

    The same is the whole company, or a unit from which both reach downwards (S:CORE-06).
    """
    if ADMITS not in permission_cache().get().of_role.get(membership.role_id, NOTHING):
        return 0
    same = [one for one in _administrators(membership.company_id) if one.scope is membership.scope]
    if membership.scope is Scope.UNIT:
        roots = _roots(membership, on)
        same = [one for one in same if roots & _roots(one, on)]
    return len({one.user_id for one in same})


def _administrators(company_id: int) -> Collection[Membership]:
    of_role = permission_cache().get().of_role
    roles = [role_id for role_id, pairs in of_role.items() if ADMITS in pairs]
    named = sa.select(Membership).where(Membership.company_id == company_id, Membership.role_id.in_(roles))
    return session.scalars(named).all()


def _roots(membership: Membership, day: dt.date) -> set[int]:
    if membership.unit_ids:
        return set(membership.unit_ids)
    employee_id = session.scalar(sa.select(Employee.id).where(Employee.user_id == membership.user_id))
    return set(session.scalars(units_of(employee_id, on=day))) if employee_id is not None else set()
