"""Which transitions of a company have a chain: kept per process, so that all others cost no SQL."""

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.engine import Connection

from app.approvals.models import ApprovalChain, ChainState
from app.companies.snapshot import Snapshot, raise_number
from app.database.context import active_company
from app.database.row_security import announce_company
from app.database.session import on_commit, session

Chained = frozenset[tuple[str, str]]
NOTHING: Chained = frozenset()


def chained_transitions() -> Chained:
    """Return (resource, transition) of whatever was ever under a chain in the active company."""
    company_id = active_company()
    return NOTHING if company_id is None else _kept(company_id).get()


def announce_chains() -> None:
    """Tell every process that a chain came or went: at once here after the commit, within a second elsewhere."""
    company_id = active_company()
    if company_id is not None:
        raise_number(session.connection(), _name(company_id))
        on_commit(_kept(company_id).expire)


def _kept(company_id: int) -> Snapshot[Chained]:
    known: dict[int, Snapshot[Chained]] = current_app.extensions.setdefault("approval_chains", {})
    if company_id not in known:

        def read(connection: Connection) -> Chained:
            announce_company(connection)  # It is asked in this company only.
            rows = connection.execute(
                sa.select(ApprovalChain.resource, ApprovalChain.transition).where(
                    ApprovalChain.company_id == company_id, ApprovalChain.state != ChainState.DRAFT
                )
            )
            return frozenset((row.resource, row.transition) for row in rows)

        known[company_id] = Snapshot(_name(company_id), read)
    return known[company_id]


def _name(company_id: int) -> str:
    return f"approvals.{company_id}"
