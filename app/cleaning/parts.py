"""What goes together with a record: its lines, and the files attached to it."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from app.crud.view import CrudView
from app.database.base import CompanyModel, Model
from app.database.personal import Attached
from app.database.session import session
from app.documents.models import Attachment, DocumentRef

Row = tuple[str, int]  # A table, and the id of a row in it.


def parts_of(view: CrudView, ids: Sequence[int]) -> dict[Row, int]:
    """Return the rows that are deleted with these records, the records included, each with its record's id."""
    found: dict[Row, int] = {(view.model.__tablename__, key): key for key in ids}
    _add_lines(view.model, {key: key for key in ids}, found)
    for attachment_id, key in session.execute(_attachments(view.resource, ids)):
        found[Attachment.__tablename__, attachment_id] = key
    return found


def attachments_of(resource: str, record_id: int) -> list[Attachment]:
    """Return the files of one record that are still there."""
    wanted = [row[0] for row in session.execute(_attachments(resource, [record_id]))]
    return list(session.scalars(sa.select(Attachment).where(Attachment.id.in_(wanted))))


def ref_rows(resource: str, ids: Sequence[int]) -> dict[int, int]:
    """Return the registry entries of these records, by id, each with its record's id."""
    statement = sa.select(DocumentRef.id, DocumentRef.record_id)
    rows = session.execute(statement.where(DocumentRef.resource == resource, DocumentRef.record_id.in_(ids)))
    return {row[0]: row[1] for row in rows}


def followers_of(table: str) -> set[tuple[type[Any], str]]:
    """Return the columns of rows that belong to a row of this table, as a comment belongs to its record."""
    found = set()
    for mapper in Model.registry.mappers:
        attached: Attached | None = getattr(mapper.class_, "__attached__", None)
        if attached is not None and attached.through is not None:
            column = mapper.columns[attached.through]
            if column.info.get("references") == table:
                found.add((mapper.class_, attached.through))
    return found


def _add_lines(model: type[CompanyModel], owners: dict[int, int], found: dict[Row, int]) -> None:
    for relation in sa.inspect(model).relationships:
        if not relation.cascade.delete or not owners:
            continue
        line = relation.mapper.class_
        remote = next(far for near, far in relation.local_remote_pairs or () if near.name == "id")
        parent = getattr(line, relation.mapper.get_property_by_column(remote).key)
        rows = session.execute(sa.select(line.id, parent).where(parent.in_(list(owners))))
        lines = {row[0]: owners[row[1]] for row in rows}
        found.update({(line.__tablename__, key): owner for key, owner in lines.items()})
        _add_lines(line, lines, found)


def _attachments(resource: str, ids: Sequence[int]) -> sa.Select[int, int]:
    return (
        sa.select(Attachment.id, DocumentRef.record_id)
        .join(DocumentRef, DocumentRef.id == Attachment.ref_id)
        .where(DocumentRef.resource == resource, DocumentRef.record_id.in_(ids))
        .where(Attachment.deleted_at.is_(None), Attachment.stored_as != "")
    )
