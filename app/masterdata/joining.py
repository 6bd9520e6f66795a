"""Somebody's first day: an employee's file, a place in a unit, a log-in and a role, in one step (S:CORE-01)."""

import datetime as dt
import re
from dataclasses import dataclass
from functools import partial

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.sqla.models import User

from app.audit import record_security_event
from app.companies.clock import active_zone
from app.companies.memberships import add_membership, change_membership
from app.companies.models import Employee, Membership, OrgUnit, Position, Scope
from app.companies.org import assign, units_of
from app.database.context import active_company
from app.database.session import on_commit, session
from app.errors import Duplicate, NotAllowed, ValidationError
from app.i18n import _
from app.notices.invitation_mail import require_mail
from app.parameters.platform_values import INVITATION_DAYS, PINYIN, USERNAME_RULE
from app.security.audit import record_denial
from app.security.delegation import RESOURCE, managed_units, require_delegable
from app.security.invitations import invite
from app.security.models import Account
from app.security.own_roles import require_role_grantable, roles_to_give
from app.security.usernames import free_username, initials, no_mail_address
from app.security.wording import position_words

_USERNAME = re.compile(r"[\w.@+-]{1,64}")


@dataclass(frozen=True)
class Newcomer:
    """What is known of somebody who joins; `username` and `position` may be blank, and are found then."""

    name: str
    number: str
    role: str  # Its name: "visits_reader".
    scope: Scope = Scope.OWN
    unit_id: int | None = None
    position: str | None = None
    username: str | None = None
    email: str | None = None


def join(newcomer: Newcomer, *, actor: User, invited: bool, now: dt.datetime) -> Membership:
    """Make a user with one role in the active company, and invite him by e-mail if asked to.

    An employee's file of this number is his where nobody logs in by it yet; otherwise one is made. Raises
    ValidationError naming the field, Duplicate for an employee who logs in already, NotAllowed for a region or role
    that the actor does not administer (S:CORE-05).
    """
    today = now.astimezone(active_zone()).date()
    role = _role(newcomer.role)
    require_role_grantable(actor, role)
    require_delegable(actor, role, scope=newcomer.scope, unit_ids=())
    employee = _employee(newcomer, today)
    _require_region(employee, newcomer.unit_id, actor, today)
    user = _user(newcomer, today)
    employee.user_id = user.id
    _place(employee, newcomer, today)
    given = add_membership(active_company() or 0, user_id=user.id, role_id=role.id, scope=newcomer.scope)
    if newcomer.scope is Scope.UNIT and newcomer.unit_id is not None:
        change_membership(given, role_id=role.id, scope=Scope.UNIT, unit_ids=[newcomer.unit_id])
    details = {"member_id": user.id, "member": user.username, "role": role.name, "scope": newcomer.scope.value}
    on_commit(partial(record_security_event, "user.made", **details))
    if invited:
        require_mail()
        invite(user, invited_by=actor, valid_for=invitation_time(today), now=now)
    return given


def invitation_time(today: dt.date) -> dt.timedelta:
    """Return how long the link of an invitation holds, by the company's policy."""
    return dt.timedelta(days=INVITATION_DAYS.value(today))


def username_for(name: str, number: str, *, today: dt.date) -> str:
    """Return a free user name by the company's rule: the employee number, or the initials in pinyin (S:CORE-01)."""
    wanted = initials(name) if USERNAME_RULE.value(today) == PINYIN else ""
    return free_username(wanted or re.sub(r"[^\w.@+-]", "", number) or "user")


def _role(name: str) -> RoleRow:
    role = session.scalar(sa.select(RoleRow).where(RoleRow.name == name))
    if role is None or name not in roles_to_give(active_company()):
        raise ValidationError("member.role", _("Choose a role and how far it reaches."), field="role")
    return role


def _employee(newcomer: Newcomer, today: dt.date) -> Employee:
    found = session.scalar(sa.select(Employee).where(Employee.number == newcomer.number))
    if found is None:
        found = Employee(number=newcomer.number, name=newcomer.name, hired_on=today)
        session.add(found)
        session.flush()
    elif found.user_id is not None:
        raise Duplicate(
            "joining.known",
            _("The employee with the number %(value)s has a log-in already."),
            field="number",
            match=str(found),
            value=newcomer.number,
        )
    elif found.name != newcomer.name:
        raise ValidationError(
            "joining.name", _("The employee with this number is called %(value)s."), field="name", value=found.name
        )
    elif not found.works_on(today):
        raise ValidationError("joining.left", _("%(name)s does not work here."), field="number", name=found.name)
    return found


def _require_region(employee: Employee, unit_id: int | None, actor: User, today: dt.date) -> None:
    """Raise NotAllowed where a regional administrator makes a user of another region; it is recorded (S:CORE-05)."""
    managed = managed_units(actor)
    if managed is None:
        return
    units = set(session.scalars(units_of(employee.id, on=today))) | ({unit_id} if unit_id is not None else set())
    if units and units <= managed:
        return
    record_denial(actor.id, verb="add", resource=RESOURCE, member=employee.number)
    raise NotAllowed(
        "joining.region", _("You can make users only of the units that you administer."), field="org_unit_id"
    )


def _user(newcomer: Newcomer, today: dt.date) -> User:
    username = newcomer.username or username_for(newcomer.name, newcomer.number, today=today)
    _check_username(username)
    email = newcomer.email or no_mail_address(username)
    _refuse_taken(email)
    user = User(username=username, first_name=newcomer.name, last_name="", email=email, active=True)
    session.add(user)
    session.flush()
    session.add(Account(user_id=user.id, must_change=True))
    return user


def _check_username(username: str) -> None:
    if not _USERNAME.fullmatch(username):
        raise ValidationError(
            "username.signs",
            _("A user name has %(minimum)s to %(limit)s letters, digits and . @ + - _"),
            field="username",
            minimum=1,
            limit=64,
        )
    if (offer := free_username(username)) != username.lower():
        raise ValidationError(
            "username.taken",
            _("The user name %(limit)s is taken; %(offer)s is free."),
            field="username",
            limit=username,
            offer=offer,
        )


def _refuse_taken(email: str) -> None:
    if session.scalar(sa.select(User.id).where(sa.func.lower(User.email) == email.lower())) is not None:
        raise ValidationError("email.taken", _("Another user has this e-mail address."), field="email")


def _place(employee: Employee, newcomer: Newcomer, today: dt.date) -> None:
    """Give the employee a position in the unit, made where the unit has none of this title; he may have one there."""
    unit = session.get(OrgUnit, newcomer.unit_id) if newcomer.unit_id is not None else None
    if unit is None:
        return
    present = set(session.scalars(units_of(employee.id, on=today)))
    if unit.id in present:
        return
    if present:
        raise ValidationError(
            "joining.unit", _("%(name)s works in another unit."), field="org_unit_id", name=employee.name
        )
    title = newcomer.position or position_words(newcomer.role)
    same = sa.select(Position).where(Position.org_unit_id == unit.id, Position.title == title).order_by(Position.id)
    position = session.scalars(same.limit(1)).one_or_none()
    if position is None:
        position = Position(org_unit_id=unit.id, title=title)
        session.add(position)
        session.flush()
    assign(employee, position=position, valid_from=today)
