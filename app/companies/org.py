"""The organisation: units in a tree with dates, people in positions under superiors.

This room lies below `security`: whoever calls these services has checked the permission.
"""

import datetime as dt
from collections.abc import Collection, Iterator
from decimal import Decimal

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User
from sqlalchemy.orm import joinedload
from sqlalchemy.sql.elements import ColumnElement

from app.companies.models import (
    Assignment,
    Company,
    Employee,
    LegalEntity,
    OrgPlacement,
    OrgUnit,
    OrgUnitKind,
    Position,
)
from app.database.context import active_company
from app.database.remembering import Memory
from app.database.session import session
from app.errors import Conflict, ValidationError
from app.i18n import _

Dated = type[OrgPlacement] | type[Assignment]
Day = dt.date | sa.BindParameter[dt.date]
ONE_DAY = dt.timedelta(days=1)
_PLACES = Memory("places_at_work", Employee, Position, Assignment)
_ENTITIES = Memory("legal_entities", OrgUnit, LegalEntity)


def unit_subtree(units: int | Collection[int] | sa.SelectBase, *, on: Day) -> sa.Select[int]:
    """Return a selection of the ids of these units, given or selected, and of all that lay under them on that day."""
    roots = {units} if isinstance(units, int) else units
    return sa.select(OrgPlacement.descendant_id).where(OrgPlacement.ancestor_id.in_(roots), valid_on(OrgPlacement, on))


def units_of(employee_id: int | ColumnElement[int], *, on: Day) -> sa.Select[int]:
    """Return a selection of the ids of the units in which this employee had a position on that day."""
    return (
        sa.select(Position.org_unit_id)
        .join(Assignment, Assignment.position_id == Position.id)
        .where(Assignment.employee_id == employee_id, valid_on(Assignment, on))
    )


def employee_of(user_id: int) -> Employee | None:
    """Return the active company's employee who logs in as this user."""
    return session.scalar(sa.select(Employee).where(Employee.user_id == user_id))


def owner_and_unit(actor: User | None, *, on: dt.date) -> tuple[Employee | None, int | None]:
    """Return who answers for what the actor writes, and the unit in which he works that day; a job has no actor.

    Remembered for the rest of the transaction.
    """
    if actor is None:
        return None, None
    known = _PLACES.recall(session)
    if (actor.id, on) not in known:
        known[actor.id, on] = _read_place(actor.id, on)
    employee, unit = known[actor.id, on]
    return employee, unit.id if unit is not None else None


def _read_place(user_id: int, on: dt.date) -> tuple[Employee | None, OrgUnit | None]:
    first = units_of(Employee.id.expression, on=on).order_by(Position.org_unit_id).limit(1).scalar_subquery()
    place = sa.select(Employee, OrgUnit).outerjoin(OrgUnit, OrgUnit.id == first).where(Employee.user_id == user_id)
    employee, unit = session.execute(place).one_or_none() or (None, None)
    return employee, unit


def superior_of(employee_id: int, *, on: dt.date) -> Employee | None:
    """Return to whom this employee reported on that day, by the largest share of work (P:COR-05)."""
    return session.scalar(
        sa.select(Employee)
        .join(Assignment, Assignment.superior_id == Employee.id)
        .where(Assignment.employee_id == employee_id, valid_on(Assignment, on))
        .order_by(Assignment.share.desc(), Assignment.id)
        .limit(1)
    )


def unit_names() -> dict[str, str]:
    """Return the names of the active company's units by their codes."""
    return dict(session.execute(sa.select(OrgUnit.code, OrgUnit.name).order_by(OrgUnit.code)).all())


def legal_entity_of(unit_id: int | None) -> LegalEntity | None:
    """Return the legal entity that a unit works for: its own, else that of the nearest unit above it.

    Where none is named there, the company's only entity is meant; of several, none can be told. Remembered for the
    rest of the transaction.
    """
    known = _ENTITIES.recall(session)
    if unit_id not in known:
        known[unit_id] = _read_entity(unit_id)
    found: LegalEntity | None = known[unit_id]
    return found


def _read_entity(unit_id: int | None) -> LegalEntity | None:
    unit = session.get(OrgUnit, unit_id, options=[joinedload(OrgUnit.legal_entity)]) if unit_id is not None else None
    while unit is not None:
        if unit.legal_entity is not None:
            return unit.legal_entity
        unit = unit.parent
    entities = session.scalars(sa.select(LegalEntity).order_by(LegalEntity.id).limit(2)).all()
    return entities[0] if len(entities) == 1 else None


def valid_on(model: Dated, day: Day) -> ColumnElement[bool]:
    """Return the condition that a dated row holds on that day."""
    return valid_within(model, day, day)


def valid_within(model: Dated, first: Day, last: Day | None) -> ColumnElement[bool]:
    """Return the condition that a dated row holds on a day from `first` to `last`; None means for ever."""
    ends_later = sa.or_(model.valid_to.is_(None), model.valid_to >= first)
    return ends_later if last is None else sa.and_(model.valid_from <= last, ends_later)


def create_unit(
    name: str,
    *,
    code: str,
    valid_from: dt.date,
    parent: OrgUnit | None = None,
    kind: OrgUnitKind = OrgUnitKind.DEPARTMENT,
    legal_entity: LegalEntity | None = None,
) -> OrgUnit:
    """Add a unit to the tree from a day on. Raises Conflict when the code is taken."""
    if session.scalar(sa.select(OrgUnit.id).where(OrgUnit.code == code)):
        raise Conflict("org_unit.code", _("Another unit has the code %(value)s."), field="code", value=code)
    _lock_tree()
    if parent is not None:
        _refuse_later_moves({parent.id}, valid_from)
    unit = OrgUnit(name=name, code=code, kind=kind, parent=parent, legal_entity=legal_entity)
    session.add(unit)
    session.flush()
    session.add(OrgPlacement(ancestor_id=unit.id, descendant_id=unit.id, depth=0, valid_from=valid_from))
    if parent is not None:
        place_unit(unit, parent=parent, valid_from=valid_from)
    session.flush()
    return unit


def move_unit(unit: OrgUnit, *, parent: OrgUnit | None, valid_from: dt.date) -> None:
    """Hang a unit, with all that lies under it, under another one (or none) from a day on; the past stays.

    Raises ValidationError when the new parent lies under the unit itself, Conflict when a later move is recorded.
    """
    _lock_tree()
    subtree = set(session.scalars(unit_subtree(unit.id, on=valid_from)))
    if parent is not None and parent.id in subtree:
        raise ValidationError(
            "org_unit.cycle",
            _("%(unit)s cannot move under %(parent)s, which lies under it."),
            field="parent",
            unit=unit.name,
            parent=parent.name,
        )
    _refuse_later_moves(subtree | ({parent.id} if parent else set()), valid_from)
    _end_placements(subtree, valid_from)
    unit.parent = parent
    if parent is not None:
        place_unit(unit, parent=parent, valid_from=valid_from)
    session.flush()


def place_unit(unit: OrgUnit, *, parent: OrgUnit, valid_from: dt.date) -> None:
    """Write the placements of a unit's subtree under a parent and all that is above it."""
    session.flush()
    above = session.execute(
        sa.select(OrgPlacement.ancestor_id, OrgPlacement.depth).where(
            OrgPlacement.descendant_id == parent.id, valid_on(OrgPlacement, valid_from)
        )
    ).all()
    below = session.execute(
        sa.select(OrgPlacement.descendant_id, OrgPlacement.depth).where(
            OrgPlacement.ancestor_id == unit.id, valid_on(OrgPlacement, valid_from)
        )
    ).all()
    if not above:
        raise ValidationError(
            "org_unit.parent_unplaced",
            _("%(parent)s has no place among the units on %(day)s."),
            field="parent",
            parent=parent.name,
            day=valid_from,
        )
    session.add_all(
        OrgPlacement(ancestor_id=ancestor, descendant_id=descendant, depth=up + 1 + down, valid_from=valid_from)
        for ancestor, up in above
        for descendant, down in below
    )


def assign(
    employee: Employee,
    *,
    position: Position,
    valid_from: dt.date,
    valid_to: dt.date | None = None,
    superior: Employee | None = None,
    share: Decimal = Decimal(1),
) -> Assignment:
    """Put an employee into a position under a superior. `share` is the part of his working time, above 0, at most 1.

    Raises ValidationError when the superior already reports to the employee (P:COR-05), or dates or share are wrong.
    """
    _check_assignment(employee, valid_from, valid_to, share)
    _lock_tree()
    if superior is not None and employee.id in _superiors(superior.id, valid_from, valid_to):
        raise ValidationError(
            "assignment.superior_loop",
            _("%(employee)s cannot report to %(superior)s, who reports to %(employee)s."),
            field="superior",
            employee=employee.name,
            superior=superior.name,
        )
    assignment = Assignment(
        employee=employee, position=position, superior=superior, share=share, valid_from=valid_from, valid_to=valid_to
    )
    session.add(assignment)
    session.flush()
    return assignment


def _check_assignment(employee: Employee, valid_from: dt.date, valid_to: dt.date | None, share: Decimal) -> None:
    if not 0 < share <= 1:
        raise ValidationError(
            "assignment.share", _("The share must be above 0 and at most %(limit)s."), field="share", limit=1
        )
    if valid_to is not None and valid_to < valid_from:
        raise ValidationError(
            "assignment.valid_to", _("The last day must not be before %(limit)s."), field="valid_to", limit=valid_from
        )
    for field, day in (("valid_from", valid_from), ("valid_to", valid_to)):
        if day is not None and not employee.works_on(day):
            raise ValidationError(
                "assignment.not_employed",
                _("%(employee)s is not employed on %(day)s."),
                field=field,
                employee=employee.name,
                day=day,
            )


def _superiors(employee_id: int, first: dt.date, last: dt.date | None) -> Iterator[int]:
    """Yield the employee and everybody he reports to, directly or not, on some day of the span.

    The span narrows on the way up, so that a loop counts only if all its links hold on the same day.
    """
    yield employee_id
    links = session.execute(
        sa.select(Assignment.superior_id, Assignment.valid_from, Assignment.valid_to).where(
            Assignment.employee_id == employee_id, valid_within(Assignment, first, last)
        )
    ).all()
    for superior_id, valid_from, valid_to in links:
        if superior_id is not None:
            ends = [day for day in (last, valid_to) if day is not None]
            yield from _superiors(superior_id, max(first, valid_from), min(ends, default=None))


def _lock_tree() -> None:
    # Two changes at once could each be right and close a loop together, so they wait for each other on the
    # company's row. NO KEY UPDATE does not hold up inserts, whose foreign keys only share the key.
    session.execute(sa.select(Company.id).where(Company.id == active_company()).with_for_update(key_share=True))


def _refuse_later_moves(unit_ids: set[int], valid_from: dt.date) -> None:
    later = session.scalar(
        sa.select(sa.func.max(OrgPlacement.valid_from)).where(
            OrgPlacement.descendant_id.in_(unit_ids), OrgPlacement.valid_from > valid_from
        )
    )
    if later is not None:
        raise Conflict(
            "org_unit.moved_later",
            _("A change on %(limit)s is already recorded. Choose that day or a later one."),
            field="valid_from",
            limit=later,
        )


def _end_placements(subtree: set[int], valid_from: dt.date) -> None:
    """End what ties the subtree to the units above it, the day before."""
    ties = session.scalars(
        sa.select(OrgPlacement).where(
            OrgPlacement.descendant_id.in_(subtree),
            OrgPlacement.ancestor_id.not_in(subtree),
            valid_on(OrgPlacement, valid_from),
        )
    )
    for tie in ties:
        if tie.valid_from == valid_from:  # Moved again on the same day: the first move never held.
            session.delete(tie)
        else:
            tie.valid_to = valid_from - ONE_DAY
    session.flush()  # The same tie may begin again, and rows are inserted before others are deleted.
