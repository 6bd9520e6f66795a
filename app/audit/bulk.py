"""Bulk inserts, which the flush does not see."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from app.audit.columns import is_audited
from app.audit.models import AuditAction
from app.audit.recorder import entry, one_sided, write
from app.database.base import CompanyModel
from app.database.context import active_company
from app.database.isolation import IsolationError
from app.database.session import db, session


def insert_rows(model: type[CompanyModel], rows: Sequence[dict[str, Any]]) -> list[int]:
    """Insert many rows of the active company at once, record them, and return their ids in order."""
    if not rows:
        return []
    given = [dict(row) for row in rows]
    ids = list(session.scalars(sa.insert(model).returning(model.id, sort_by_parameter_order=True), given))
    record_bulk(model, [{**row, "id": record_id} for row, record_id in zip(given, ids, strict=True)])
    return ids


def record_bulk(model: type[CompanyModel], rows: Sequence[dict[str, Any]]) -> None:
    """Record rows that `session.execute(insert(model), rows)` has written; each must carry its id."""
    company_id = active_company()
    if company_id is None:
        raise IsolationError(f"no active company for {model.__name__}")
    if is_audited(model):
        write(
            db.session(),
            [
                entry(model, row["id"], company_id, AuditAction.INSERT, one_sided(model, row, inserted=True))
                for row in rows
            ],
        )
