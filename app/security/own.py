"""Whose a document is: nobody approves what he wrote, changed or handed in, or answers for (S:CORE-09)."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User
from sqlalchemy.orm import with_parent

from app.audit import AuditAction, AuditEntry
from app.database.base import CompanyModel
from app.database.session import session

_PASSED_ON = {"owner_id", "org_unit_id", "legal_entity_id"}  # Who gives a document to somebody else keeps its terms.


def is_own(document: Any, actor: User) -> bool:
    """Tell whether the actor wrote a document, changed it or handed it in, or answers for it as its owner."""
    return actor.id in authors_of(document)


def authors_of(document: Any) -> set[int]:
    """Return the ids of the users who wrote a document, changed it or handed it in, or answer for it."""
    owner = getattr(document, "owner", None)
    users = {getattr(document, "created_by_id", None), owner.user_id if owner is not None else None}
    if isinstance(document, CompanyModel) and document.id is not None:
        users |= _writers_of(document)
    return {user_id for user_id in users if user_id is not None}


def _writers_of(document: CompanyModel) -> set[int | None]:
    """Return who changed a document or its lines while it was in its first state, and who took it out of it last.

    That is where documents are written. What a step writes makes nobody the author: who gives a document back, or only
    notes that he has read it (`__no_terms__`), may approve it.
    """
    entries = _entries_of(document)
    in_steps = {one.request_id for one in entries if _is_move(one, document)}
    in_steps.add(None)  # Jobs and commands, which write for others.
    writers: set[int | None] = set()
    first = state = handed_in = None
    for entry in entries:
        if _is_move(entry, document):
            before, state = entry.changes["state"]
            if before == first:
                handed_in = entry.user_id if entry.request_id is not None else None
        elif entry.action is AuditAction.INSERT and entry.table_name == document.__tablename__:
            first = state = (entry.changes.get("state") or [None, None])[1]
            in_steps.add(entry.request_id)  # What came with the document is its creator's.
        elif state == first and entry.request_id not in in_steps and entry.changes.keys() - _no_terms(document):
            writers.add(entry.user_id)
    return writers if state == first else {*writers, handed_in}


def _entries_of(document: CompanyModel) -> Sequence[Any]:
    """Return what happened to a document, and to the lines that it has now, in order, by one statement."""
    model = type(document)
    found = [_entries(model, AuditEntry.record_id == document.id)]
    for name, relation in sa.inspect(model).relationships.items():
        if relation.cascade.delete_orphan:
            line = relation.mapper.class_
            its = sa.select(line.id).where(with_parent(document, getattr(model, name)))
            found.append(_entries(line, AuditEntry.record_id.in_(its)))
    return session.execute(sa.union_all(*found).order_by("id")).all()


def _entries(model: type[CompanyModel], condition: sa.ColumnElement[bool]) -> sa.Select[Any]:
    columns = (getattr(AuditEntry, name) for name in ("id", "user_id", "action", "table_name", "request_id", "changes"))
    return sa.select(*columns).where(AuditEntry.table_name == model.__tablename__, condition)


def _is_move(entry: Any, document: CompanyModel) -> bool:
    return (
        entry.action is AuditAction.UPDATE and entry.table_name == document.__tablename__ and "state" in entry.changes
    )


def _no_terms(document: CompanyModel) -> set[str]:
    return _PASSED_ON | set(getattr(document, "__no_terms__", ()))
