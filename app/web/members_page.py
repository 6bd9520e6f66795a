"""Who may work in this company: users, their role and how far it reaches."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from flask import flash
from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from app.audit import record_security_event
from app.companies.clock import active_zone
from app.companies.memberships import add_membership, change_membership
from app.companies.models import Membership, OrgUnit, Scope
from app.crud.page import Page
from app.database.columns import read_id, utc_now
from app.database.context import active_company
from app.database.session import session
from app.errors import NotAllowed, NotFound, Text, ValidationError
from app.i18n import _, humanize
from app.parameters.platform_values import ADMINS_PER_UNIT
from app.security.delegation import fellow_administrators, managed_units, people_of, require_delegable, require_managed
from app.security.own_roles import require_role_grantable, roles_to_give
from app.security.roles import may


class MembersPage(Page):
    """Admits users to the active company and dismisses them."""

    resource = "companies.Members"
    title = _("Users and roles")
    template = "companies/members.html"

    @staticmethod
    def context(*, actor: User, arguments: dict[str, str]) -> dict[str, Any]:
        """Return the memberships of the company, and what may be chosen for a new one."""
        company_id = active_company()
        members = session.scalars(
            select(Membership).where(Membership.company_id == company_id).order_by(Membership.user_id, Membership.id)
        ).all()
        managed = managed_units(actor)
        if managed is not None:
            people = set(session.scalars(people_of(managed, on=_today())))
            members = [one for one in members if one.user_id in people]
        titles = roles_to_give(company_id)
        edited = arguments.get("edit", "")
        chosen = next((one for one in members if str(one.id) == edited and one.user_id != actor.id), None)
        units = {unit.id: unit for unit in session.scalars(select(OrgUnit).order_by(OrgUnit.code))}
        return {
            "edited": chosen,
            "units": [(unit.id, _path(unit, units), unit.id in chosen.unit_ids) for unit in units.values()]
            if chosen
            else [],
            "members": [
                {
                    "id": one.id,
                    "user": one.user,
                    "role": titles.get(one.role.name, _(humanize(one.role.name))),
                    "scope": _(humanize(one.scope.value)),
                    "units": [units[key].name for key in one.unit_ids if key in units],
                }
                for one in members
            ],
            "roles": sorted(titles.items(), key=lambda item: str(item[1])),
            "scopes": [(scope.value, _(humanize(scope.value))) for scope in Scope],
        }


def admit(*, actor: User, values: dict[str, str]) -> Text:
    """Give a user a role in the active company (S:CORE-07: it leaves a trace)."""
    company_id = active_company()
    user = session.scalar(
        select(User).where(User.username == values.get("username", "").strip(), User.active.is_(True))
    )
    if user is None or not _may_know(actor, user):
        raise ValidationError("member.user", _("There is no active user of this name."), field="username")
    require_managed(actor, user, on=_today())
    role, scope = _chosen(actor, values, ())
    twin = (Membership.company_id == company_id, Membership.user_id == user.id, Membership.role_id == role.id)
    if (known := session.scalar(select(Membership).where(*twin))) is not None:
        require_delegable(actor, role, scope=known.scope, unit_ids=known.unit_ids)
    given = add_membership(company_id or 0, user_id=user.id, role_id=role.id, scope=scope)
    _warn_of_fellows(given)
    record_security_event("role.given", member_id=user.id, member=user.username, role=role.name, scope=scope.value)
    return _("Saved.")


def change(*, actor: User, values: dict[str, str]) -> Text:
    """Give a member another role, or let it reach more or less. Nobody changes what he holds himself."""
    found = _membership(values)
    if found.user_id == actor.id:
        raise NotAllowed("member.own", _("You cannot change your own role."))
    require_managed(actor, found.user, on=_today())
    units = [unit for key in values if (unit := read_id(key.removeprefix("unit_"))) is not None]
    role, scope = _chosen(actor, values, units)
    require_delegable(actor, found.role, scope=found.scope, unit_ids=found.unit_ids)
    before = {"from_role": found.role.name, "from_scope": found.scope.value}
    change_membership(found, role_id=role.id, scope=scope, unit_ids=units)
    _warn_of_fellows(found)
    record_security_event(
        "role.changed",
        member_id=found.user_id,
        member=found.user.username,
        role=role.name,
        scope=found.scope.value,
        units=[session.get_one(OrgUnit, key).name for key in found.unit_ids],
        **before,
    )
    return _("Saved.")


def dismiss(*, actor: User, values: dict[str, str]) -> Text:
    """Take a role away. Nobody locks himself out."""
    found = _membership(values)
    if found.user_id == actor.id:
        raise NotAllowed("member.self", _("You cannot take a role from yourself."))
    require_managed(actor, found.user, on=_today())
    require_delegable(actor, found.role, scope=found.scope, unit_ids=found.unit_ids)
    record_security_event(
        "role.taken", member_id=found.user_id, member=found.user.username, role=found.role.name, scope=found.scope.value
    )
    session.delete(found)
    return _("Deleted.")


def _chosen(actor: User, values: dict[str, str], unit_ids: Collection[int]) -> tuple[RoleRow, Scope]:
    """Return the role and scope to give. Raises ValidationError, or NotAllowed for what the actor may not give."""
    role = session.scalar(select(RoleRow).where(RoleRow.name == values.get("role", "")))
    if role is None or role.name not in roles_to_give(active_company()) or values.get("scope") not in set(Scope):
        raise ValidationError("member.role", _("Choose a role and how far it reaches."), field="role")
    require_role_grantable(actor, role)
    require_delegable(actor, role, scope=Scope(values["scope"]), unit_ids=unit_ids)
    return role, Scope(values["scope"])


def _warn_of_fellows(membership: Membership) -> None:
    """Say that a unit, or the company, has more administrators than it should (S:CORE-06); it is done all the same."""
    count, limit = fellow_administrators(membership, on=_today()), ADMINS_PER_UNIT.value(_today())
    if count > limit:
        text = _("There are more administrators than planned: %(count)s of %(limit)s.")
        flash(str(text) % {"count": count, "limit": limit}, "warning")


def _today() -> dt.date:
    return utc_now().astimezone(active_zone()).date()


def _membership(values: dict[str, str]) -> Membership:
    key = read_id(values.get("id"))
    found = session.get(Membership, key) if key is not None else None
    if found is None or found.company_id != active_company():
        raise NotFound("member.missing", _("There is no such record."))
    return found


def _path(unit: OrgUnit, units: dict[int, OrgUnit]) -> str:
    """Return the unit below those that it belongs to: 'One Homes / Sales / Team 1'."""
    names = [unit.name]
    above = units.get(unit.parent_id or 0)
    while above is not None and len(names) <= len(units):
        names.insert(0, above.name)
        above = units.get(above.parent_id or 0)
    return " / ".join(names)


def _may_know(actor: User, user: User) -> bool:
    """Tell whether the actor may learn that this user exists: whoever looks after all users, and a colleague."""
    if may(actor, "add", "UserView"):
        return True
    mine = select(Membership.company_id).where(Membership.user_id == actor.id)
    shared = select(Membership.id).where(Membership.user_id == user.id, Membership.company_id.in_(mine))
    return bool(session.scalar(select(shared.exists())))


MembersPage.actions = {"admit": ("admit", admit), "change": ("change", change), "dismiss": ("dismiss", dismiss)}
