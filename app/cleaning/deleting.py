"""Deleting one record together with what belongs to it, so that it can be undone: that and nothing else."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState

from app.cleaning.backup import Deleted
from app.cleaning.parts import Row, attachments_of, parts_of
from app.crud.records import call_in_savepoint
from app.crud.view import CrudView
from app.database.base import CompanyModel
from app.database.session import db, on_commit, session
from app.documents.models import Attachment
from app.documents.stored_files import delete_stored
from app.errors import Conflict
from app.i18n import _
from app.search.models import SearchToken


class _Noted:
    """The rows that a piece of work deletes, and whether it did anything else."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.did_more = False


def delete_whole(view: CrudView, key: int, *, actor: User, deleted: Deleted, files: list[str]) -> None:
    """Delete a record through its list's own service, with its lines and files, and note the rows in `deleted`.

    Raises what the service refuses with, and Conflict where it does anything but delete, such as archive the record
    instead: that could not be put back. Nothing is changed then.
    """
    record = session.get_one(view.model, key)
    expected = parts_of(view, [key])
    noted, paths = _Noted(), list[str]()
    call_in_savepoint(_delete, view=view, record=record, actor=actor, expected=set(expected), noted=noted, paths=paths)
    for table, row_id in noted.rows:
        deleted.setdefault(table, []).append(row_id)
    files += paths


def _delete(
    *, view: CrudView, record: Any, actor: User, expected: Collection[Row], noted: _Noted, paths: list[str]
) -> None:
    attachments = attachments_of(view.resource, record.id)
    noted.rows.clear()  # It may be the second try.
    with _watching(noted):
        for attachment in attachments:
            _delete_attachment(attachment, paths)
        session.flush()
        type(view).delete_with(record, actor=actor)
        session.flush()
    if noted.did_more or set(noted.rows) != expected:
        raise Conflict("clean.own_way", _("Its own rules do not let it be deleted in this way."))


def _delete_attachment(attachment: Attachment, paths: list[str]) -> None:
    company_id, name = attachment.company_id, attachment.stored_as
    session.delete(attachment)
    paths.append(f"attachments/{company_id}/{name[:2]}/{name}")
    on_commit(lambda: delete_stored(name, company_id=company_id))


@contextmanager
def _watching(noted: _Noted) -> Iterator[None]:
    def after_flush(flushed: Any, _context: object) -> None:
        written = [*flushed.new, *(row for row in flushed.dirty if flushed.is_modified(row))]
        noted.did_more |= any(isinstance(row, CompanyModel) for row in written)
        noted.rows += [(row.__tablename__, row.id) for row in flushed.deleted if isinstance(row, CompanyModel)]

    def on_execute(state: ORMExecuteState) -> None:
        if (state.is_update or state.is_delete or state.is_insert) and state.bind_mapper is not None:
            noted.did_more |= state.bind_mapper.class_ is not SearchToken

    watched = db.session()
    event.listen(watched, "after_flush", after_flush)
    event.listen(watched, "do_orm_execute", on_execute)
    try:
        yield
    finally:
        event.remove(watched, "after_flush", after_flush)
        event.remove(watched, "do_orm_execute", on_execute)
