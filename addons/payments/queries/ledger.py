"""Reads of the ledger: balances derive from it and from nothing else."""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal

from addons.payments.choices import Account, AllocationKind
from addons.payments.models import Allocation, Entry, Posting, Receipt, Receivable
from addons.payments.queries.amounts import ZERO
from app.sdk.database import func, select, session
from app.sdk.documents import DocumentRef


def balance_of(account: Account, *, receipt_id: int | None = None, receivable_id: int | None = None) -> Decimal:
    """Return what an account holds, of one receipt or receivable if it is named; debit is above zero."""
    statement = select(func.sum(Entry.amount)).where(Entry.account == account)
    if receipt_id is not None or receivable_id is not None:
        statement = statement.join(Posting, Posting.id == Entry.posting_id)
    if receipt_id is not None:
        statement = statement.where(Posting.receipt_id == receipt_id)
    if receivable_id is not None:
        statement = statement.where(Posting.receivable_id == receivable_id)
    return session.scalar(statement) or ZERO


def cash_of(place_id: int, *, before: dt.date | None = None, since: dt.datetime | None = None) -> Decimal:
    """Return what a place holds: all of it, what it held before a day, or what came and went since an instant."""
    statement = (
        select(func.sum(Entry.amount))
        .join(Posting, Posting.id == Entry.posting_id)
        .where(Entry.account == Account.CASH, Entry.place_id == place_id)
    )
    if before is not None:
        statement = statement.where(Posting.posted_on < before)
    if since is not None:
        statement = statement.where(Posting.posted_at >= since)
    return session.scalar(statement) or ZERO


def cash_moves(place_id: int, day: dt.date) -> tuple[Decimal, Decimal]:
    """Return what came into a place on a day, and what went out of it (S:RE-07)."""
    of_day = (
        select(func.sum(Entry.amount))
        .join(Posting, Posting.id == Entry.posting_id)
        .where(Entry.account == Account.CASH, Entry.place_id == place_id, Posting.posted_on == day)
    )
    taken_in = session.scalar(of_day.where(Entry.amount > 0)) or ZERO
    paid_out = session.scalar(of_day.where(Entry.amount < 0)) or ZERO
    return taken_in, -paid_out


def used_of(receipt: Receipt, kind: AllocationKind, *, receivable_id: int | None = None) -> Decimal:
    """Return how much of a receipt was used in one way, for one receivable if it is named."""
    statement = select(func.sum(Allocation.amount)).where(Allocation.receipt_id == receipt.id, Allocation.kind == kind)
    if receivable_id is not None:
        statement = statement.where(Allocation.receivable_id == receivable_id)
    return session.scalar(statement) or ZERO


def list_paid(sources: Sequence[DocumentRef]) -> list[tuple[Receipt, Receivable, Decimal]]:
    """Return which receipt paid how much for what these documents asked, the latest receipt first."""
    settled = func.sum(Allocation.amount)
    statement = (
        select(Allocation.receipt_id, Allocation.receivable_id, settled)
        .join(Receivable, Receivable.id == Allocation.receivable_id)
        .where(Allocation.kind == AllocationKind.SETTLE, Receivable.source_id.in_([one.id for one in sources]))
        .group_by(Allocation.receipt_id, Allocation.receivable_id)
        .having(settled > 0)
        .order_by(Allocation.receipt_id.desc(), Allocation.receivable_id.desc())
    )
    return [
        (session.get_one(Receipt, receipt_id), session.get_one(Receivable, receivable_id), amount)
        for receipt_id, receivable_id, amount in session.execute(statement)
    ]


def uses_of(receipt: Receipt) -> dict[AllocationKind, Decimal]:
    """Return how much of a receipt was used in each way."""
    total = func.sum(Allocation.amount).label("total")
    statement = select(Allocation.kind, total).where(Allocation.receipt_id == receipt.id)
    found = {row.kind: row.total for row in session.execute(statement.group_by(Allocation.kind))}
    return {kind: found.get(kind) or ZERO for kind in AllocationKind}


def sums_of(receivable_ids: Iterable[int]) -> dict[int, tuple[Decimal, Decimal]]:
    """Return, for each receivable, what the ledger says is still owed, and how much was paid for it."""
    wanted = list(receivable_ids)
    if not wanted:
        return {}
    still = (
        select(func.sum(Entry.amount))
        .join(Posting, Posting.id == Entry.posting_id)
        .where(Entry.account == Account.RECEIVABLE, Posting.receivable_id == Receivable.id)
        .scalar_subquery()
    )
    settled = (
        select(func.sum(Allocation.amount))
        .where(Allocation.receivable_id == Receivable.id, Allocation.kind == AllocationKind.SETTLE)
        .scalar_subquery()
    )
    rows = session.execute(select(Receivable.id, still, settled).where(Receivable.id.in_(wanted)))
    return {key: (owed or ZERO, paid or ZERO) for key, owed, paid in rows}


def forfeited_of(receivable: Receivable) -> Decimal:
    """Return how much of what was paid for a receivable the company kept."""
    statement = select(func.sum(Allocation.amount)).where(
        Allocation.receivable_id == receivable.id, Allocation.kind == AllocationKind.FORFEIT
    )
    return session.scalar(statement) or ZERO


def list_live_postings(receipt_id: int) -> list[Posting]:
    """Return the postings of a receipt that were not reversed, the newest first; reversals are left out."""
    rows = list(session.scalars(select(Posting).where(Posting.receipt_id == receipt_id).order_by(Posting.id.desc())))
    reversed_ids = {row.reverses_id for row in rows}
    return [row for row in rows if row.reverses_id is None and row.id not in reversed_ids]


def list_allocations(posting: Posting) -> list[Allocation]:
    """Return what a posting used money for."""
    return list(session.scalars(select(Allocation).where(Allocation.posting_id == posting.id).order_by(Allocation.id)))
