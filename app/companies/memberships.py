"""Who may enter which company, in which role."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User
from sqlalchemy.orm import joinedload, selectinload

from app.companies.models import Company, Membership, MembershipUnit, OrgUnit, Scope
from app.database.context import active_company
from app.database.session import session
from app.errors import Conflict, ValidationError
from app.i18n import _


def is_member(user_id: int, company_id: int) -> bool:
    """Tell whether this user may enter this company: it is active, and a role in it is held."""
    held = (
        sa.select(Membership.id)
        .join(Membership.company)
        .where(Company.active, Membership.user_id == user_id, Membership.company_id == company_id)
    )
    return bool(session.scalar(sa.select(held.exists())))


def member_named(username: str) -> User | None:
    """Return the active user of this name who holds a role in the active company."""
    members = sa.select(Membership.user_id).where(Membership.company_id == active_company())
    return session.scalar(
        sa.select(User).where(User.username == username.strip(), User.active.is_(True), User.id.in_(members))
    )


def memberships_of(user_id: int, company_id: int) -> Sequence[Membership]:
    """Return this user's roles in this company with their scopes and units, in two statements."""
    return session.scalars(
        sa.select(Membership)
        .where(Membership.user_id == user_id, Membership.company_id == company_id)
        .options(joinedload(Membership.role), selectinload(Membership.units))
        .order_by(Membership.id)
    ).all()


def add_membership(company_id: int, *, user_id: int, role_id: int, scope: Scope = Scope.OWN) -> Membership:
    """Give a user a role in a company, or change how far the role he holds there sees."""
    membership = session.scalar(
        sa.select(Membership).where(
            Membership.company_id == company_id, Membership.user_id == user_id, Membership.role_id == role_id
        )
    )
    if membership is None:
        membership = Membership(company_id=company_id, user_id=user_id, role_id=role_id)
        session.add(membership)
    membership.scope = scope
    session.flush()
    return membership


def change_membership(membership: Membership, *, role_id: int, scope: Scope, unit_ids: Collection[int] = ()) -> None:
    """Give a member another role, scope and units; units count for the scope `unit` only.

    Raises Conflict where the user holds that role here already, ValidationError for a unit of another company.
    """
    twin = sa.select(Membership.id).where(
        Membership.company_id == membership.company_id,
        Membership.user_id == membership.user_id,
        Membership.role_id == role_id,
        Membership.id != membership.id,
    )
    if session.scalar(twin) is not None:
        raise Conflict("member.twice", _("This user holds this role here already."), field="role")
    wanted = set(unit_ids) if scope is Scope.UNIT else set()
    if wanted - set(session.scalars(sa.select(OrgUnit.id).where(OrgUnit.id.in_(wanted)))):
        raise ValidationError("member.unit", _("There is no such unit."), field="units")
    membership.role_id, membership.scope = role_id, scope
    kept = [unit for unit in membership.units if unit.org_unit_id in wanted]
    new = wanted - {unit.org_unit_id for unit in kept}
    membership.units = [
        *kept,
        *(MembershipUnit(company_id=membership.company_id, org_unit_id=key) for key in sorted(new)),
    ]
    session.flush()
    session.expire(membership, ["role"])
