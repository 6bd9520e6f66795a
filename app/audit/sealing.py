"""Sealing the log: committed entries are chained in batches, so that a change made later is found out (S:CORE-07).

Entries are inserted without a chain, or all writers would queue behind one row; a scheduled job seals what has come.
"""

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.audit.models import AuditEntry, AuditSeal
from app.database.encryption import keyed_hash
from app.database.session import session

SEAL_EVERY = dt.timedelta(minutes=5)
BATCH = 500  # Entries of one seal.
# A transaction may commit entries with lower ids than were sealed already; none runs longer than this.
LONGEST_TRANSACTION = dt.timedelta(days=1)
_FIRST = "0"
_COLUMNS = tuple(AuditEntry.__table__.columns)
_SEALED_COLUMNS = ("id", "company_id", "user_id", "table_name", "record_id", "changes", "ip", "request_id")


@dataclass(frozen=True)
class Verification:
    """What checking one company's log found. `broken` says where it was tampered with; `unsealed` are still to come."""

    seals: int
    entries: int
    unsealed: int
    unsealed_since: dt.datetime | None
    broken: str | None = None


def seal_entries(now: dt.datetime) -> None:
    """Seal what the active company's log has got since the last time."""
    last = session.scalar(sa.select(AuditSeal).order_by(AuditSeal.number.desc()).limit(1))
    for ids in _batches(_unsealed_ids(last)):
        rows = session.execute(sa.select(*_COLUMNS).where(AuditEntry.id.in_(ids)).order_by(AuditEntry.id)).all()
        last = _seal([[row.id, _digest_of(row)] for row in rows], last, now)


def verify_entries() -> Verification:
    """Check every seal of the active company, and every entry against its seal, oldest first."""
    previous, number, count, broken = _FIRST, 0, 0, None
    sealed: set[int] = set()
    ordered = sa.select(AuditSeal).order_by(AuditSeal.number).execution_options(yield_per=20)
    with session.scalars(ordered) as seals:
        for seal in seals:
            number += 1
            broken = _fault_of(seal, number, previous)
            if broken is not None:
                break
            sealed.update(entry_id for entry_id, _kept in seal.entries)
            count += len(seal.entries)
            previous = seal.digest
    tail = [] if broken else _not_in(sealed)
    if broken is None:
        broken = _smuggled(tail)
    return Verification(number, count, len(tail), min((at for _id, at in tail), default=None), broken)


def _seal(entries: list[list[Any]], last: AuditSeal | None, now: dt.datetime) -> AuditSeal:
    number, previous = (last.number + 1, last.digest) if last else (1, _FIRST)
    made = AuditSeal(
        number=number,
        at=now,
        up_to_id=max(entries[-1][0], last.up_to_id if last else 0),
        entries=entries,
        previous=previous,
        digest=_digest(number, previous, entries),
    )
    session.add(made)
    session.flush()
    return made


def _unsealed_ids(last: AuditSeal | None) -> list[int]:
    found = sa.select(AuditEntry.id).order_by(AuditEntry.id)
    if last is None:
        return list(session.scalars(found))
    since = last.at - LONGEST_TRANSACTION
    lately = session.scalars(sa.select(AuditSeal.entries).where(AuditSeal.at >= since - LONGEST_TRANSACTION))
    known = {entry_id for entries in lately for entry_id, _kept in entries}
    candidates = session.scalars(found.where(sa.or_(AuditEntry.id > last.up_to_id, AuditEntry.at >= since)))
    return [entry_id for entry_id in candidates if entry_id not in known]


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


def _fault_of(seal: AuditSeal, number: int, previous: str) -> str | None:
    """Return what is wrong with a seal or the first of its entries that is; None if all is as it was."""
    if (seal.number, seal.previous) != (number, previous):
        return f"seal {number}: missing, or not the successor of the one before"
    if seal.digest != _digest(number, previous, seal.entries):
        return f"seal {number}: changed"
    ids = [entry_id for entry_id, _kept in seal.entries]
    found = {row.id: row for row in session.execute(sa.select(*_COLUMNS).where(AuditEntry.id.in_(ids)))}
    for entry_id, digest in seal.entries:
        if entry_id not in found:
            return f"entry {entry_id} (seal {number}): deleted"
        if _digest_of(found[entry_id]) != digest:
            return f"entry {entry_id} (seal {number}): changed"
    return None


def _not_in(sealed: set[int]) -> list[tuple[int, dt.datetime]]:
    rows = session.execute(sa.select(AuditEntry.id, AuditEntry.at).order_by(AuditEntry.id))
    return [(entry_id, at) for entry_id, at in rows if entry_id not in sealed]


def _smuggled(tail: Sequence[tuple[int, dt.datetime]]) -> str | None:
    """Return the first entry among the unsealed that is older than any that the sealer still takes."""
    last = session.execute(
        sa.select(AuditSeal.up_to_id, AuditSeal.at).order_by(AuditSeal.number.desc()).limit(1)
    ).one_or_none()
    if last is None:
        return None
    for entry_id, at in tail:
        if entry_id <= last.up_to_id and at < last.at - LONGEST_TRANSACTION:
            return f"entry {entry_id}: inserted afterwards"
    return None


def _digest_of(row: Any) -> str:
    values = {name: getattr(row, name) for name in _SEALED_COLUMNS}
    return _digest({**values, "at": row.at.isoformat(), "action": row.action.value})


def _digest(*parts: Any) -> str:
    return keyed_hash("audit seal:" + json.dumps(parts, sort_keys=True, ensure_ascii=False, separators=(",", ":")))
