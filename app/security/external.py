"""Whom an account elsewhere opens here: known already, found at the first log-in, created where that is wanted."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from flask import current_app
from flask_appbuilder.security.sqla.models import User

from app.companies.clock import local_day
from app.companies.models import Employee
from app.database.session import session
from app.errors import AppError, Conflict
from app.i18n import LazyString, _
from app.jobs.context import active_company_ids, run_as
from app.security.audit import record
from app.security.held_roles import held_roles
from app.security.logins import revoke_logins
from app.security.models import DIRECTORY, Account, ExternalIdentity
from app.security.permissions import permission_cache
from app.security.usernames import free_username

_NAME_LENGTH, _EMAIL_LENGTH = 64, 320  # Of FAB's columns.


class NotAdmitted(AppError):
    """Who the person is, is proved; but nobody here is opened by that."""

    http_status = 401


@dataclass(frozen=True)
class Person:
    """An account elsewhere, as its keeper describes it. `email` is one that the keeper has verified, or empty."""

    issuer: str
    subject: str
    username: str
    email: str = ""
    first_name: str = ""
    last_name: str = ""
    employee_number: str = ""


def known_user(issuer: str, subject: str) -> User | None:
    """Return the user whom this account elsewhere opens."""
    mine = (ExternalIdentity.issuer == issuer, ExternalIdentity.subject == subject)
    return session.scalar(sa.select(User).join(ExternalIdentity, ExternalIdentity.user_id == User.id).where(*mine))


def identity_of(user_id: int, issuer: str) -> ExternalIdentity | None:
    """Return what a user is in the directory, or at an identity provider."""
    mine = (ExternalIdentity.user_id == user_id, ExternalIdentity.issuer == issuer)
    return session.scalar(sa.select(ExternalIdentity).where(*mine))


def is_directory_user(user_id: int) -> bool:
    """Tell whether the directory checks the password of this user."""
    return identity_of(user_id, DIRECTORY) is not None


def may_be_matched(user: User) -> bool:
    """Tell whether a first log-in from elsewhere may find this user.

    Nobody becomes administrator of the platform by a name or an address written elsewhere: such a user is linked by a
    command, and otherwise logs in while directory and provider are down.
    """
    admin = permission_cache().get().names.get(current_app.extensions["appbuilder"].sm.auth_role_admin)
    return not any(held.company_id is None and held.role_id == admin for held in held_roles(user.id))


def admit(person: Person, *, link_by: str, may_create: bool, now: dt.datetime) -> User:
    """Return the user whom this account elsewhere opens, linking or creating him at the first log-in.

    Raises NotAdmitted for one whom nobody knows, and for a user who is inactive or whose employment has ended.
    """
    known = known_user(person.issuer, person.subject)
    user = known or _match(person, link_by)
    if user is None and not may_create:
        raise _unknown(_("Your company account is not known here. Ask an administrator to admit you."))
    if user is None:
        return _create(person, now=now)
    if not user.is_active or has_left(user.id, now=now):
        raise NotAdmitted("login.closed", _("Your account here is closed. Ask an administrator."), user_id=user.id)
    if known is None:
        link(user, person, now=now)
    _remember_name(user, person)
    return user


def link(user: User, person: Person, *, now: dt.datetime) -> None:
    """Let an account elsewhere open a user.

    The directory's password takes the place of the one kept here, and what that one has opened ends.
    Raises Conflict where the user, or the account, is linked to another one.
    """
    if identity_of(user.id, person.issuer) is not None or known_user(person.issuer, person.subject) is not None:
        raise Conflict("login.linked", _("This account is linked to another one already. Ask an administrator."))
    session.add(
        ExternalIdentity(
            user_id=user.id, issuer=person.issuer, subject=person.subject, name=person.username[:255], linked_at=now
        )
    )
    if person.issuer == DIRECTORY:
        user.password = None
        revoke_logins(user.id, now=now)
    session.flush()
    record("login.linked", user_id=user.id, issuer=person.issuer, name=person.username)


def unlink(user: User) -> int:
    """Forget every account elsewhere of a user, and return how many there were."""
    found = session.scalars(sa.select(ExternalIdentity).where(ExternalIdentity.user_id == user.id)).all()
    for identity in found:
        session.delete(identity)
    session.flush()
    return len(found)


def has_left(user_id: int, *, now: dt.datetime) -> bool:
    """Tell whether somebody was employed in companies here and, by the day of each, no longer is in any."""
    gone = [one for company_id in active_company_ids() for one in run_as(company_id, None, _are_gone, user_id, now)]
    return bool(gone) and all(gone)


def _are_gone(user_id: int, now: dt.datetime) -> list[bool]:
    today = local_day(now)
    ends = session.scalars(sa.select(Employee.left_on).where(Employee.user_id == user_id))
    return [end is not None and end < today for end in ends]


def _match(person: Person, link_by: str) -> User | None:
    """Return the one user whom the setting finds; several are nobody."""
    ids: set[int] = set()
    if link_by == "email" and person.email:
        ids = set(session.scalars(sa.select(User.id).where(sa.func.lower(User.email) == person.email.lower())))
    elif link_by == "username":
        ids = set(session.scalars(sa.select(User.id).where(sa.func.lower(User.username) == person.username.lower())))
    elif link_by == "employee_number" and person.employee_number:
        per_company = (run_as(each, None, _users_numbered, person.employee_number) for each in active_company_ids())
        ids = {user_id for found in per_company for user_id in found}
    user = session.get(User, ids.pop()) if len(ids) == 1 else None
    return user if user is not None and may_be_matched(user) else None


def _users_numbered(number: str) -> list[int]:
    mine = sa.select(Employee.user_id).where(Employee.number == number, Employee.user_id.is_not(None))
    return [user_id for user_id in session.scalars(mine) if user_id is not None]


def _create(person: Person, *, now: dt.datetime) -> User:
    """Create a user without roles and without a password."""
    if not person.username or len(person.username) > _NAME_LENGTH - 4 or not person.username.isprintable():
        raise _unknown(_("Your company account has no name that can be used here. Ask an administrator to admit you."))
    username = free_username(person.username)
    email = _usable(person.email) or f"{username}@localhost"
    if session.scalar(sa.select(User.id).where(sa.func.lower(User.email) == email.lower())) is not None:
        raise _unknown(_("Somebody here has your e-mail address already. Ask an administrator to admit you."))
    made = User(
        username=username,
        first_name=person.first_name[:_NAME_LENGTH] or username,
        last_name=person.last_name[:_NAME_LENGTH],
        email=email,
        active=True,
    )
    session.add(made)
    session.flush()
    session.add(Account(user_id=made.id, must_change=False, changed_at=now))
    record("login.created", user_id=made.id, username=username, issuer=person.issuer)
    link(made, person, now=now)
    return made


def _usable(email: str) -> str:
    """Return an address as its keeper has verified it; within a company it may end in what the world does not know."""
    is_one = len(email) <= _EMAIL_LENGTH and email.isprintable() and " " not in email and email.count("@") == 1
    return email if is_one else ""


def _remember_name(user: User, person: Person) -> None:
    identity = identity_of(user.id, person.issuer)
    if identity is not None and identity.name != person.username[:255]:
        identity.name = person.username[:255]


def _unknown(text: LazyString) -> NotAdmitted:
    return NotAdmitted("login.unknown", text)
