"""Record scope: which rows of an owned model a user's roles reach in the active company (S:CORE-08).

A model may name in `__takes_part__(user_id, employee_id, day)` the rows that somebody sees as he takes part in them,
whatever his roles are, such as what waits for his signature.

A scope belongs to a role: whoever sees all visits of the company by one role and his own customers by another
does not see all customers.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import g, has_request_context
from flask_appbuilder.security.sqla.models import User
from sqlalchemy.orm import aliased

from app.companies.clock import local_day
from app.companies.models import Assignment, Employee, Scope
from app.companies.org import valid_on
from app.companies.ownership import Owned
from app.database.base import CompanyModel
from app.database.columns import utc_now
from app.database.context import active_company
from app.database.remembering import Memory
from app.database.session import session
from app.errors import NotAllowed
from app.i18n import _, humanize
from app.security.audit import record_denial
from app.security.grants import GRANTED_VERBS, granted_partners
from app.security.held_roles import HeldRole, held_roles
from app.security.permissions import NOTHING, permission_cache
from app.security.reached_units import reached_units

Condition = sa.ColumnElement[bool]
TakesPart = tuple[int, int, dt.date]  # The user, the employee behind him, the company's day.
_EMPLOYEES = Memory("employee_ids", Employee, for_request=True)
OUT_OF_SCOPE = _("Your right “%(right)s” does not reach this record.")


def visible(
    model: type[CompanyModel], actor: User, *, verb: str = "list", on: dt.date | None = None
) -> Condition | None:
    """Return the condition under which the actor reaches rows; None means that there is no restriction.

    Only the roles that grant the verb on this resource count: who lists all and edits his own edits no other.
    The organisation is taken as it stands on the day `on`, by default the company's today.
    """
    return reach_of(model, actor, verb=verb, on=on).condition(model)


@dataclass(frozen=True)
class Reach:
    """How far the actor's roles reach: as sets for rows at hand, as a condition for those in the database."""

    everything: bool = False
    writer_id: int | None = None  # Nobody's rows that this user wrote.
    owners: frozenset[int] = frozenset()
    units: frozenset[int] = frozenset()
    partners: frozenset[int] = frozenset()  # Granted until a day (S:REC-18).
    takes_part: TakesPart | None = None  # What he takes part in he sees.

    def condition(self, model: type[Any]) -> Condition | None:
        """Return the condition under which rows are reached; None means that there is no restriction."""
        return None if self.everything else sa.or_(sa.false(), *self._ways(model))

    def parts(self, model: type[Any]) -> list[Condition]:
        """Return the condition in parts that have no row in common, so that each can be counted by its own index."""
        if self.everything:
            return [sa.true()]
        ways = self._ways(model) or [sa.false()]
        return [
            sa.and_(way, *(before.is_not(sa.true()) for before in ways[:number])) for number, way in enumerate(ways)
        ]

    def _ways(self, model: type[Any]) -> list[Condition]:
        """Return each way in which a row may be reached, that of the most rows first."""
        ways = []
        if self.units:
            ways.append(model.org_unit_id.in_(sorted(self.units)))
        if self.owners:
            ways.append(model.owner_id.in_(sorted(self.owners)))
        if self.writer_id is not None:
            # Nobody's record is seen by whoever wrote it, or it would vanish when it is saved.
            ways.append(sa.and_(model.owner_id.is_(None), model.created_by_id == self.writer_id))
        if self.partners:
            ways.append(getattr(model, model.__grantable__).in_(sorted(self.partners)))
        if self.takes_part is not None:
            ways.append(model.__takes_part__(*self.takes_part))
        return ways

    def holds(self, record: Any) -> bool:
        """Tell whether this record is reached."""
        if self.everything:
            return True
        if self.takes_part is not None and _is_part(record, self.takes_part):
            return True
        if not isinstance(record, Owned):
            return False
        written_by: int | None = record.created_by_id  # type: ignore[attr-defined]  # Owned is mixed in.
        return (
            self.holds_row(record.owner_id, record.org_unit_id)
            or (record.owner_id is None and written_by is not None and written_by == self.writer_id)
            or partner_key(record) in self.partners
        )

    def holds_row(self, owner_id: int | None, org_unit_id: int | None = None) -> bool:
        """Tell whether a row of this owner or unit is reached."""
        return self.everything or owner_id in self.owners or org_unit_id in self.units


def reach_of(model: type[CompanyModel], actor: User, *, verb: str, on: dt.date | None = None) -> Reach:
    """Return how far the actor's roles that grant the verb reach, on a day. Remembered for the rest of the request."""
    if not has_request_context():
        return _reach(model, actor, verb, on)
    remembered: dict[Any, Reach] = g.setdefault("reaches", {})
    key = (model, actor.id, active_company(), verb, on)
    if key not in remembered:
        remembered[key] = _reach(model, actor, verb, on)
    return remembered[key]


def reaches(actor: User, record: CompanyModel, *, verb: str) -> bool:
    """Tell whether the actor's roles that grant the verb reach this record."""
    return reach_of(type(record), actor, verb=verb).holds(record)


def require_reach(actor: User, record: CompanyModel, *, verb: str) -> None:
    """Raise NotAllowed for a record that the actor sees but does not reach by this verb (S:CORE-08)."""
    if reaches(actor, record, verb=verb):
        return
    record_denial(actor.id, verb=verb, resource=resource_of(type(record)), record_id=record.id)
    raise NotAllowed("security.scope", OUT_OF_SCOPE, right=_(humanize(verb)))


def is_covered(model: type[CompanyModel], actor: User, *, verb: str, by: str) -> bool:
    """Tell whether each role that grants `verb` grants `by` too, or `by` is granted for all rows.

    Then all that is reached for the one is reached for the other.
    """
    held = _held(actor)
    if not issubclass(model, Owned):
        return bool(held)
    wider = set(_reaching(held, model, by))
    return any(role.scope is Scope.COMPANY for role in wider) or wider.issuperset(_reaching(held, model, verb))


def units_reached(actor: User, *, verb: str, resource: str) -> frozenset[int] | None:
    """Return the units, with all below, that the actor reaches today by a verb; None: the whole company."""
    grants = permission_cache().get().of_role
    reaching = [role for role in _held(actor) if (f"can_{verb}", resource) in grants.get(role.role_id, NOTHING)]
    if any(role.scope is Scope.COMPANY for role in reaching):
        return None
    if not any(role.scope is Scope.UNIT for role in reaching):
        return frozenset()
    return _units(reaching, actor, _today())


def resource_of(model: type) -> str:
    """Return the resource of a model, from the package it lives in: 'reception.Visit', 'masterdata.Partner'."""
    owner = model.__module__.split(".models")[0].rpartition(".")[2]
    return f"{owner}.{model.__name__}"


def employee_id_of(user: User) -> int | None:
    """Return the active company's employee behind a user. Remembered for the rest of the request."""
    known, key = _known_employees(), (user.id, active_company())
    if key not in known:
        known[key] = _employee_id(user)
    return known[key]


def _held(actor: User) -> list[HeldRole]:
    company_id = active_company()
    return [role for role in held_roles(actor.id) if role.company_id == company_id is not None]


def _reaching(held: Iterable[HeldRole], model: type, verb: str) -> list[HeldRole]:
    resource, grants = resource_of(model), permission_cache().get().of_role
    return [role for role in held if (f"can_{verb}", resource) in grants.get(role.role_id, NOTHING)]


def _reach(model: type[CompanyModel], actor: User, verb: str, on: dt.date | None) -> Reach:
    held = _held(actor)
    takes_part = _taking_part(model, actor, on) if held else None
    if not issubclass(model, Owned):
        return Reach(everything=bool(held) and takes_part is None, takes_part=takes_part)
    reaching = _reaching(held, model, verb)
    scopes = {role.scope for role in reaching}
    if not reaching or Scope.COMPANY in scopes:
        return Reach(everything=bool(reaching), takes_part=takes_part)
    day = on or _today()
    units = _units(reaching, actor, day)  # First: it finds the employee too.
    employee_id = employee_id_of(actor)
    owners = {employee_id} if employee_id is not None else set()
    if employee_id is not None and Scope.TEAM in scopes:
        owners.update(
            _remembered(("team", employee_id, day), lambda: [*session.scalars(_subordinates(employee_id, day))])
        )
    return Reach(
        writer_id=actor.id,
        owners=frozenset(owners),
        units=units,
        partners=_granted(model, employee_id, verb, day),
        takes_part=takes_part,
    )


def _taking_part(model: type[Any], actor: User, on: dt.date | None) -> TakesPart | None:
    """Return whom to ask about for a model that names who takes part in its rows; 0 where he is no employee."""
    if not hasattr(model, "__takes_part__"):
        return None
    return actor.id, employee_id_of(actor) or 0, on or _today()


def _is_part(record: Any, takes_part: TakesPart) -> bool:
    model = type(record)
    return bool(session.scalar(sa.select(model.id).where(model.id == record.id, model.__takes_part__(*takes_part))))


def is_granted(actor: User, record: Any) -> bool:
    """Tell whether the actor may follow the partner that a record is about, because it was granted (S:REC-18)."""
    key = partner_key(record)
    return key is not None and key in granted_partners(employee_id_of(actor), on=_today())


def partner_key(record: Any) -> int | None:
    """Return the partner that a record is about, if grants reach records of its kind."""
    name = getattr(record, "__grantable__", None)
    key: int | None = getattr(record, name) if name is not None else None
    return key


def _granted(model: type[Any], employee_id: int | None, verb: str, day: dt.date) -> frozenset[int]:
    if verb not in GRANTED_VERBS or not hasattr(model, "__grantable__"):
        return frozenset()
    return granted_partners(employee_id, on=day)


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


def _units(reaching: list[HeldRole], actor: User, day: dt.date) -> frozenset[int]:
    """Return the units that these roles reach where their scope is the unit, with all below."""
    by_unit = tuple(role.membership_id for role in reaching if role.scope is Scope.UNIT and role.membership_id)
    if not by_unit:
        return frozenset()
    found = reached_units(actor.id, by_unit, day)
    if found.units:
        _known_employees()[actor.id, active_company()] = found.employee_id
    return found.units


def _remembered(key: Any, read: Callable[[], Any]) -> Any:
    """Return what was read of the organisation before in this request: many lists on one page ask the same."""
    if not has_request_context():
        return read()
    known: dict[Any, Any] = g.setdefault("organisation", {})
    if (key, active_company()) not in known:
        known[key, active_company()] = read()
    return known[key, active_company()]


def _known_employees() -> dict[tuple[int, int | None], int | None]:
    found: dict[tuple[int, int | None], int | None] = _EMPLOYEES.recall(session)
    return found


# Built once: building it costs as much as running it, and every list asks.
_EMPLOYEE = sa.select(Employee.id).where(Employee.user_id == sa.bindparam("user", type_=Employee.user_id.type))


def _employee_id(user: User) -> int | None:
    return session.scalar(_EMPLOYEE, {"user": user.id})


def _today() -> dt.date:
    return local_day(utc_now())
