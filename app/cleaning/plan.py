"""Which of the records that are hit would go, and why the others stay: the same answer for preview and run."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.cleaning.criteria import state_column
from app.cleaning.parts import Row, followers_of, parts_of, ref_rows
from app.crud.view import CrudView
from app.database.references import references_to
from app.database.session import session
from app.documents.document import Document
from app.workflow.models import TransitionLog

STARTED = "started"  # The stricter value of core.clean_protect.
BATCH = 1000


@dataclass(frozen=True)
class Plan:
    """`deletable` is in the order of deleting: what points at another record goes first."""

    found: int
    deletable: tuple[int, ...]
    confirmed: frozenset[int]
    referenced: frozenset[int]
    seal: str  # Of the ids and versions to be deleted: another one means that something changed meanwhile.


def make_plan(view: CrudView, ids: Sequence[int], *, protect: str) -> Plan:
    """Return what becomes of these records. `protect` is the value of core.clean_protect (S:CORE-15)."""
    confirmed = frozenset(key for batch in _batches(ids) for key in _confirmed(view, batch, protect))
    candidates = [key for key in ids if key not in confirmed]
    deletable = _in_order(candidates, *_pointed_at(view, candidates))
    referenced = frozenset(candidates) - frozenset(deletable)
    return Plan(len(ids), tuple(deletable), confirmed, referenced, _seal(view, deletable))


def _confirmed(view: CrudView, ids: Sequence[int], protect: str) -> Iterator[int]:
    """Yield the ids of confirmed records: binding, or beyond the first state of their workflow now or ever.

    Under `started` whatever has left its first state counts, such as a draft that was called off.
    """
    model: Any = view.model
    ways: list[Any] = []
    if issubclass(model, Document):
        ways += [model.number.is_not(None), model.posted_at.is_not(None)]
    state = state_column(view)
    if state is not None:
        first, beyond = _path(view, state)
        ways.append(state != first if protect == STARTED else state.in_(beyond))
        logged = sa.select(TransitionLog.record_id).where(
            TransitionLog.resource == view.resource, TransitionLog.target.in_(beyond)
        )
        ways.append(model.id.in_(logged))
    if ways:
        yield from session.scalars(sa.select(model.id).where(model.id.in_(ids), sa.or_(*ways)))


def _path(view: CrudView, state: Any) -> tuple[str, list[str]]:
    """Return the first state and those beyond it; without a workflow every other state counts as beyond."""
    steps = view.workflow.main_path if view.workflow is not None else tuple(state.type.enum_class)
    return steps[0], list(steps[1:])


def _pointed_at(view: CrudView, ids: Sequence[int]) -> tuple[set[int], dict[int, set[int]]]:
    """Return which records others point at, and for each record the hit ones that point at it.

    A record's own lines and what is attached to it go with it; they count as the record.
    """
    held, from_hits = set[int](), defaultdict[int, set[int]](set)
    owners: dict[Row, int] = {}
    for batch in _batches(ids):
        owners |= parts_of(view, batch)
    targets = defaultdict[str, dict[int, int]](dict)
    for (table, row_id), key in owners.items():
        targets[table][row_id] = key
    for batch in _batches(ids):
        targets["documents_ref"] |= ref_rows(view.resource, batch)
    followers = followers_of("documents_ref")
    for table, keys in targets.items():
        for reference in references_to(table):
            if table == "documents_ref" and (reference.model, reference.attribute) in followers:
                continue
            for target, source in _uses(reference, list(keys)):
                key, user = keys[target], owners.get((reference.model.__tablename__, source))
                if user is None:
                    held.add(key)
                elif user != key:
                    from_hits[key].add(user)
    return held, from_hits


def _uses(reference: Any, ids: Sequence[int]) -> Iterator[tuple[int, int]]:
    for batch in _batches(ids):
        rows = sa.select(reference.column, reference.model.id).where(reference.column.in_(batch))
        yield from ((row[0], row[1]) for row in session.execute(rows))


def _in_order(ids: Sequence[int], held: Collection[int], from_hits: dict[int, set[int]]) -> list[int]:
    """Return what can go, each record after all that point at it; records that point at each other in a ring stay."""
    waiting = {key: set(from_hits.get(key, ())) for key in ids if key not in held}
    users: dict[int, set[int]] = defaultdict(set)
    for key, pointing in waiting.items():
        for user in pointing:
            users[user].add(key)
    ready = [key for key, pointing in waiting.items() if not pointing]
    order: list[int] = []
    while ready:
        gone = ready.pop(0)
        order.append(gone)
        for key in sorted(users.get(gone, ())):
            waiting[key].discard(gone)
            if not waiting[key]:
                ready.append(key)
    return order


def _seal(view: CrudView, ids: Sequence[int]) -> str:
    digest = hashlib.sha256()
    for batch in _batches(sorted(ids)):
        statement = sa.select(view.model.id, view.model.version).where(view.model.id.in_(batch))
        for key, version in session.execute(statement.order_by(view.model.id)):
            digest.update(f"{key}:{version};".encode())
    return digest.hexdigest()


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]
