"""Who saw whose personal data in clear: writing it down, and asking (P:CRM-20, S:REC-38)."""

import logging
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from app.audit.models import AccessEntry, AccessKind
from app.audit.origin import origin
from app.database.afterwards import afterwards
from app.database.columns import utc_now
from app.database.context import active_company, viewer_id
from app.database.isolation import IsolationError
from app.database.session import session
from app.jobs.context import short_transaction

log = logging.getLogger(__name__)


def record_access(
    kind: AccessKind,
    *,
    user_id: int,
    resource: str,
    columns: Sequence[str],
    record_ids: Sequence[int] = (),
    count: int | None = None,
) -> None:
    """Write down, in one row and one statement, what a page or file of the active company showed in clear.

    In a transaction of its own once the present one is over: reading a page writes nothing else. Never raises for a
    database that refuses.
    """
    company_id = active_company()
    if company_id is None:
        raise IsolationError("no active company to have read personal data of")
    row = {
        "company_id": company_id,
        "at": utc_now(),
        "user_id": viewer_id() or user_id,  # It was he who saw it, with whosever eyes.
        "kind": kind,
        "resource": resource,
        "record_ids": f",{','.join(map(str, record_ids))}," if record_ids else "",
        "record_count": len(record_ids) if count is None else count,
        "columns": list(columns),
        **origin()._asdict(),
    }
    afterwards(partial(_store, row))


def list_accesses(
    *,
    resource: str | None = None,
    records: Mapping[str, Sequence[int]] | None = None,
    user_id: int | None = None,
    limit: int = 200,
) -> list[AccessEntry]:
    """Return the latest accesses, newest first; with `records` ({resource: ids}) those that showed one of them.

    A file shows what its list held that day, so that each file of the resource counts.
    """
    found = sa.select(AccessEntry)
    if records is not None:
        found = found.where(sa.or_(sa.false(), *(_showed(resource, ids) for resource, ids in records.items() if ids)))
    if resource is not None:
        found = found.where(AccessEntry.resource == resource)
    if user_id is not None:
        found = found.where(AccessEntry.user_id == user_id)
    return list(session.scalars(found.order_by(AccessEntry.at.desc(), AccessEntry.id.desc()).limit(limit)))


def _showed(resource: str, ids: Sequence[int]) -> sa.ColumnElement[bool]:
    one_of = (AccessEntry.record_ids.contains(f",{key},") for key in ids)
    return sa.and_(AccessEntry.resource == resource, sa.or_(AccessEntry.kind == AccessKind.EXPORT, *one_of))


def _store(row: dict[str, Any]) -> None:
    try:
        with short_transaction(trail=True) as connection:
            connection.execute(sa.insert(AccessEntry), row)
    except SQLAlchemyError:
        log.exception("access to %s could not be stored", row["resource"])
