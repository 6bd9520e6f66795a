"""Making every row that names one record name another one, wherever metadata says that rows do (S:REC-16)."""

from collections.abc import Callable, Collection, Hashable
from typing import Any

import sqlalchemy as sa

from app.database.base import CompanyModel
from app.database.references import Reference, references_to
from app.database.session import session
from app.errors import Conflict
from app.i18n import _
from app.security.roles import subject_text
from app.security.scope import resource_of

Moved = dict[str, list[int]]  # 'reception_reception.partner_id': the ids of the rows.
MOST_NAMED = 5


def repoint(table: str, old_id: int, new_id: int, *, besides: Collection[type[CompanyModel]] = ()) -> Moved:
    """Make all rows that name `old_id` of a table name `new_id`; return which. Rows of the models `besides` stay.

    Versions grow, so that whoever has such a record open is told. Raises Conflict, naming the model, where two rows
    would share a unique key.
    """
    moved: Moved = {}
    for reference in references_to(table):
        if reference.model in besides:
            continue
        ids = list(session.scalars(sa.select(reference.model.id).where(reference.column == old_id)))
        if ids:
            _refuse_collision(reference, old_id, new_id)
            write(reference, ids, new_id)
            moved[name_of(reference)] = ids
    return moved


def write(reference: Reference, ids: Collection[int], new_id: int) -> None:
    """Make these rows name another record."""
    model: Any = reference.model
    statement = sa.update(model).where(model.id.in_(ids))
    session.execute(statement.values({reference.attribute: new_id, "version": model.version + 1}))


def name_of(reference: Reference) -> str:
    """Return a reference as the log names it."""
    return f"{reference.model.__tablename__}.{reference.attribute}"


def move_unless_twin(reference: Reference, old_id: int, new_id: int, *, key: Callable[[Any], Hashable]) -> Moved:
    """Make those rows name `new_id` that say what none of its own says; return which. The rest stays where it is."""
    model: Any = reference.model
    known = {key(row) for row in session.scalars(sa.select(model).where(reference.column == new_id))}
    ids = []
    for row in session.scalars(sa.select(model).where(reference.column == old_id).order_by(model.id)).all():
        if key(row) not in known and key(row) is not None:
            known.add(key(row))
            ids.append(row.id)
    if not ids:
        return {}
    write(reference, ids, new_id)
    return {name_of(reference): ids}


def _refuse_collision(reference: Reference, old_id: int, new_id: int) -> None:
    for rest in reference.unique_with():
        columns = [getattr(reference.model, name) for name in rest]
        if not columns and _count(reference, new_id):
            raise _collision(reference)
        if columns:
            mine = sa.select(*columns).where(reference.column == new_id)
            theirs = sa.select(*columns).where(reference.column == old_id)
            if set(map(tuple, session.execute(mine))) & set(map(tuple, session.execute(theirs))):
                raise _collision(reference)


def _count(reference: Reference, key: int) -> int:
    return session.scalar(sa.select(sa.func.count()).where(reference.column == key)) or 0


def _collision(reference: Reference) -> Conflict:
    return Conflict(
        "merge.one_to_one",
        _("Both have an entry in “%(subject)s”, and only one can be kept. Settle that there first."),
        subject=subject_text(resource_of(reference.model)),
    )
