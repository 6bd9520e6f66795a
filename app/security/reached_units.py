"""The units that a user's roles of scope `unit` reach: worked out once, kept until the company's organisation changes.

Each list of such a user asks for them. A change is seen at once by the transaction that makes it, after the commit by
its process, and within a second by every other (S:CORE-08).
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session, SessionTransaction

from app.companies.models import Assignment, Employee, Membership, MembershipUnit, OrgPlacement, Position
from app.companies.org import unit_subtree, units_of
from app.companies.snapshot import Snapshot, raise_number
from app.database.context import active_company
from app.database.isolation import CompanySession
from app.database.row_security import announce_company
from app.database.session import db, session

MOST_KEPT = 10_000  # Answers of one company; a day later all are asked anew anyway.
_WATCHED = (Assignment, Employee, Membership, MembershipUnit, OrgPlacement, Position)
_CHANGED = "organisation_changed"


@dataclass(frozen=True)
class ReachedUnits:
    """The units, with all that lies under them, and the employee behind the user where there is a unit at all."""

    employee_id: int | None
    units: frozenset[int]


_Asked = tuple[int, tuple[int, ...], dt.date]
_Kept = dict[_Asked, ReachedUnits]


def reached_units(user_id: int, memberships: tuple[int, ...], day: dt.date) -> ReachedUnits:
    """Return what these memberships of the active company reach on that day: the units they name, or the user's own."""
    company_id = active_company()
    if company_id is None or company_id in session.info.get(_CHANGED, ()):  # Nobody else may be told of this yet.
        return _read(session.execute, user_id, memberships, day)
    kept, asked = _kept(company_id).get(), (user_id, memberships, day)
    if asked not in kept:
        if len(kept) >= MOST_KEPT:
            kept.clear()
        # What is kept must not be older than the number it is kept under, as a transaction of before would see it.
        with db.engine.connect() as connection:
            announce_company(connection)
            kept[asked] = _read(connection.execute, user_id, memberships, day)
    return kept[asked]


def _read(
    execute: Callable[..., sa.Result[Any]], user_id: int, memberships: tuple[int, ...], day: dt.date
) -> ReachedUnits:
    known = {"memberships": memberships, "user": user_id, "day": day, "company": active_company()}
    rows = execute(_UNITS, known).all()
    return ReachedUnits(next((row.employee for row in rows), None), frozenset(row[0] for row in rows))


def _statement() -> sa.Select[Any]:
    """Select the units that memberships name, or else the employee's own, with all that lies under them."""
    memberships = sa.bindparam("memberships", expanding=True, type_=Membership.id.type)
    day = sa.bindparam("day", type_=sa.Date)
    company = sa.bindparam("company", type_=Employee.company_id.type)
    named = sa.select(MembershipUnit.org_unit_id).where(MembershipUnit.membership_id.in_(memberships))
    nameless = sa.select(Membership.id).where(
        Membership.id.in_(memberships), Membership.id.not_in(sa.select(MembershipUnit.membership_id))
    )
    user = sa.bindparam("user", type_=Employee.user_id.type)
    own_id = sa.select(Employee.id).where(Employee.user_id == user, Employee.company_id == company).scalar_subquery()
    own = units_of(own_id, on=day).where(nameless.exists())
    return (
        unit_subtree(sa.union(named, own), on=day)
        .where(OrgPlacement.company_id == company)
        .add_columns(own_id.label("employee"))
    )


_UNITS = _statement()  # Built once: building it costs as much as running it.


def _kept(company_id: int) -> Snapshot[_Kept]:
    known: dict[int, Snapshot[_Kept]] = current_app.extensions.setdefault("reached_units", {})
    if company_id not in known:
        known[company_id] = Snapshot(_name(company_id), _begin)
    return known[company_id]


def _begin(_connection: Connection) -> _Kept:
    """Begin with nothing: what is kept is worked out when it is asked for."""
    return {}


def _name(company_id: int) -> str:
    return f"organisation.{company_id}"


def _on_flush(changing: Session, _context: object) -> None:
    """Note which companies' organisation changes, whoever changes it."""
    rows = [row for row in (*changing.new, *changing.deleted) if isinstance(row, _WATCHED)]
    rows += [row for row in changing.dirty if isinstance(row, _WATCHED) and changing.is_modified(row)]
    if rows:
        changing.info.setdefault(_CHANGED, set()).update(row.company_id for row in rows)


def _before_commit(changing: Session) -> None:
    """Raise the numbers last of all, so that two changes wait for each other as short as can be."""
    if not changing.in_nested_transaction():
        changing.flush()
        for company_id in sorted(changing.info.get(_CHANGED, ())):
            raise_number(changing.connection(), _name(company_id))


def _after_commit(changed: Session) -> None:
    for company_id in changed.info.get(_CHANGED, ()):
        _kept(company_id).expire()


def _on_end(ended: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        ended.info.pop(_CHANGED, None)


event.listen(CompanySession, "after_flush", _on_flush)
event.listen(CompanySession, "before_commit", _before_commit)
event.listen(CompanySession, "after_commit", _after_commit)
event.listen(CompanySession, "after_transaction_end", _on_end)
