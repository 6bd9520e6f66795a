"""Which transitions of a company have a chain: kept per process, so that all others cost no SQL."""

from collections import defaultdict
from collections.abc import Mapping

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.engine import Connection

from app.approvals.models import ApprovalChain, ChainState
from app.companies.snapshot import Snapshot, raise_number
from app.database.context import active_company
from app.database.row_security import read_every_company
from app.database.session import on_commit, session

CACHE = "approval_chains"
Chained = frozenset[tuple[str, str]]
NOTHING: Chained = frozenset()


def chained_transitions() -> Chained:
    """Return (resource, transition) of whatever was ever under a chain in the active company."""
    company_id = active_company()
    return NOTHING if company_id is None else _kept().get().get(company_id, NOTHING)


def announce_chains() -> None:
    """Tell every process that a chain came or went: at once here after the commit, within a second elsewhere."""
    raise_number(session.connection(), CACHE)
    on_commit(_kept().expire)


def _kept() -> Snapshot[Mapping[int, Chained]]:
    known: Snapshot[Mapping[int, Chained]] = current_app.extensions.setdefault(CACHE, Snapshot(CACHE, _read))
    return known


def _read(connection: Connection) -> Mapping[int, Chained]:
    read_every_company(connection)
    table = ApprovalChain.__table__.c
    found: dict[int, set[tuple[str, str]]] = defaultdict(set)
    rows = connection.execute(
        sa.select(table.company_id, table.resource, table.transition).where(table.state != ChainState.DRAFT)
    )
    for company_id, resource, transition in rows:
        found[company_id].add((resource, transition))
    return {company_id: frozenset(pairs) for company_id, pairs in found.items()}
