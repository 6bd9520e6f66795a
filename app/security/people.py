"""The people of the active company who log in: found, filtered and sorted for the page of users and roles."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import Role, User
from sqlalchemy.orm import joinedload

from app.companies.models import Assignment, Employee, Membership, OrgUnit, Position
from app.companies.org import unit_subtree, valid_on
from app.database.context import active_company
from app.database.session import session
from app.search.pinyin import pinyin
from app.security.delegation import managed_units, people_of
from app.security.models import Invitation
from app.security.searching import found_by
from app.security.usernames import initials

FULL_NAME = User.first_name + " " + User.last_name
ORDERS = {"name": FULL_NAME, "username": User.username, "number": Employee.number, "last_login": User.last_login}


class PersonState(StrEnum):
    """How somebody stands to the company, as far as logging in goes."""

    ACTIVE = "active"
    INVITED = "invited"
    EXPIRED = "expired"  # The invitation; he has never logged in.
    NEW = "new"  # He has never logged in, and no invitation is open.
    LEFT = "left"


@dataclass(frozen=True)
class PeopleFilter:
    """What the list is asked for; None and blanks ask for everybody."""

    text: str = ""
    role: str = ""  # Its name.
    unit_id: int | None = None
    state: str = ""  # "here", "left", "new" (never logged in), "invited".
    order: str = "name"
    descending: bool = False


@dataclass(frozen=True)
class Person:
    """One row of the list."""

    user: User
    employee: Employee | None
    invitation: Invitation | None
    state: PersonState
    memberships: Sequence[Membership]
    units: Sequence[str]  # Where he works today.

    @property
    def name(self) -> str:
        """The name as people read it."""
        return str(self.user.get_full_name()).strip() or self.user.username


class PeopleQuery:
    """Whoever holds a role in the active company, or is employed by it with a log-in; of others nothing is told.

    A regional administrator finds the people of his units (S:CORE-05).
    """

    def __init__(self, actor: User, asked: PeopleFilter, *, now: dt.datetime, today: dt.date) -> None:
        self.actor, self.asked, self.now, self.today = actor, asked, now, today

    def count(self) -> int:
        """Return how many people there are."""
        return session.scalar(sa.select(sa.func.count()).select_from(self._found(User.id).subquery())) or 0

    def people(self, *, offset: int = 0, limit: int | None = None) -> list[Person]:
        """Return the people with what the list shows of each, in three statements."""
        order = ORDERS.get(self.asked.order, FULL_NAME)
        direction = order.desc().nulls_last() if self.asked.descending else order.asc().nulls_last()
        statement = self._found(User, Employee, Invitation).order_by(direction, User.id).offset(offset).limit(limit)
        rows = session.execute(statement).all()
        ids = [user.id for user, _employee, _invitation in rows]
        held, units = _memberships(ids), _units(ids, self.today)
        return [
            Person(user, employee, invitation, self._state(user, employee, invitation, held[user.id]),
                   held[user.id], units[user.id])
            for user, employee, invitation in rows
        ]  # fmt: skip

    def _found(self, *columns: Any) -> sa.Select[Any]:
        return (
            sa.select(*columns)
            .select_from(User)
            .outerjoin(Employee, Employee.user_id == User.id)
            .outerjoin(Invitation, Invitation.user_id == User.id)
            .where(sa.or_(_holds(), Employee.id.is_not(None)), *self._conditions)
        )

    @cached_property
    def _conditions(self) -> list[sa.ColumnElement[bool]]:
        asked, found = self.asked, []
        managed = managed_units(self.actor)
        if managed is not None:
            found.append(User.id.in_(people_of(managed, on=self.today)))
        if asked.role:
            found.append(_holds(Membership.role_id.in_(sa.select(Role.id).where(Role.name == asked.role))))
        if asked.unit_id is not None:
            found.append(User.id.in_(people_of(unit_subtree(asked.unit_id, on=self.today), on=self.today)))
        if asked.text:
            found.append(self._matches(asked.text))
        has_left = sa.or_(~_holds(), User.active.is_not(True), sa.func.coalesce(Employee.left_on < self.today, False))
        match asked.state:
            case "left":
                found.append(has_left)
            case "here":
                found.append(~has_left)
            case "new":
                found.append(sa.and_(~has_left, User.last_login.is_(None)))
            case "invited":
                is_open = sa.and_(
                    Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None),
                    Invitation.expires_at > self.now,
                )  # fmt: skip
                found.append(sa.and_(~has_left, User.last_login.is_(None), is_open))
        return found

    def _matches(self, text: str) -> sa.ColumnElement[bool]:
        columns = (User.username, FULL_NAME, User.email, Employee.number)
        words = [sa.or_(*(column.icontains(word, autoescape=True) for column in columns)) for word in text.split()]
        employed = sa.select(Employee.user_id).where(found_by(Employee, text, actor=self.actor))
        return sa.or_(sa.and_(*words), User.id.in_(employed), User.id.in_(_read_as(text)))

    def _state(
        self, user: User, employee: Employee | None, invitation: Invitation | None, held: Sequence[Membership]
    ) -> PersonState:
        has_gone = employee is not None and employee.left_on is not None and employee.left_on < self.today
        if not held or not user.active or has_gone:
            return PersonState.LEFT
        if user.last_login is not None:
            return PersonState.ACTIVE
        if invitation is None or invitation.accepted_at is not None or invitation.withdrawn_at is not None:
            return PersonState.NEW
        return PersonState.INVITED if invitation.is_open(self.now) else PersonState.EXPIRED


def _holds(*conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    here = (Membership.user_id == User.id, Membership.company_id == active_company())
    return sa.exists().where(*here, *conditions)


def _read_as(text: str) -> list[int]:
    """Return the users without an employee's file whose name is read so: the search knows those of employees."""
    typed = "".join(text.split()).casefold()
    if not (typed.isascii() and typed.isalpha()):
        return []
    employed = sa.select(Employee.user_id).where(Employee.user_id.is_not(None))
    rows = session.execute(sa.select(User.id, FULL_NAME).where(_holds(), User.id.not_in(employed)))
    return [key for key, name in rows if pinyin(name).startswith(typed) or initials(name).startswith(typed)]


def _memberships(user_ids: Collection[int]) -> defaultdict[int, list[Membership]]:
    found: defaultdict[int, list[Membership]] = defaultdict(list)
    statement = (
        sa.select(Membership)
        .where(Membership.company_id == active_company(), Membership.user_id.in_(user_ids))
        .options(joinedload(Membership.role), joinedload(Membership.units))
        .order_by(Membership.id)
    )
    for one in session.scalars(statement).unique():
        found[one.user_id].append(one)
    return found


def _units(user_ids: Collection[int], day: dt.date) -> defaultdict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    statement = (
        sa.select(Employee.user_id, OrgUnit.name)
        .join(Assignment, Assignment.employee_id == Employee.id)
        .join(Position, Position.id == Assignment.position_id)
        .join(OrgUnit, OrgUnit.id == Position.org_unit_id)
        .where(Employee.user_id.in_(user_ids), valid_on(Assignment, day))
        .order_by(Assignment.share.desc(), Assignment.id)
    )
    for user_id, name in session.execute(statement):
        if user_id is not None and name not in found[user_id]:
            found[user_id].append(name)
    return found
