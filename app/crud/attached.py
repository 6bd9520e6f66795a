"""The files of a record: who may fetch, add and delete them follows from what he may do with the record."""

import datetime as dt
from contextlib import closing
from typing import TYPE_CHECKING, Any

from flask import abort, current_app
from flask_appbuilder.security.sqla.models import User
from werkzeug.datastructures import FileStorage

from app.companies.clock import local_today
from app.companies.models import Company
from app.crud.records import call_service
from app.database.columns import utc_now
from app.database.context import active_company
from app.database.session import session
from app.documents.attachments import (
    allowed_types,
    attach_file,
    delete_attachment,
    get_attachment,
    list_attachments,
    size_limit,
)
from app.documents.document import Document
from app.documents.models import Attachment
from app.documents.references import ref_of
from app.documents.stored_files import delete_stored
from app.errors import AppError, ValidationError
from app.i18n import _
from app.security.gate import is_open
from app.security.roles import may, require
from app.security.scope import reaches

if TYPE_CHECKING:
    from app.crud.view import CrudView

LONGEST_BATCH = 20  # Files sent without a script, in one request.


def takes_attachments(view: "CrudView | type[CrudView]") -> bool:
    """Tell whether records of this view have files: as the view says, and otherwise documents do."""
    return issubclass(view.model, Document) if view.attachments is None else view.attachments


def take_any_file(record: Any, attachment: Attachment, *, is_new: bool) -> None:
    """Look at a file that was sent for a record, or is to be deleted; raise what refuses it. By default nothing.

    A view with a look of its own changes records by it, so its pages are read anew after a file.
    """


def attachments_box(view: "CrudView", record: Any, actor: User, *, count: int | None = None) -> dict[str, Any] | None:
    """Return what the record page shows of the files; None where records of this view have none.

    `count` spares the list of a record that is known to have no file.
    """
    if not takes_attachments(view):
        return None
    today = _today(utc_now())
    return {
        "resource": view.resource,
        "record_id": record.id,
        "files": [] if count == 0 else list_attachments(view.resource, record.id),
        "may_change": may_change(view, record, actor),
        "limit": size_limit(today),
        "types": allowed_types(today),
        "changes_record": view.check_file is not take_any_file,
    }


def record_with_files(resource: str, pk: str, *, actor: User, change: bool = False) -> tuple["CrudView", Any]:
    """Return the view and the record of this id. Answers 404 or raises NotAllowed as the record's own page would."""
    view = current_app.extensions["crud_views"].get(resource)
    if view is None or not is_open(resource) or not takes_attachments(view):
        abort(404)
    require(actor, "show", resource)
    verb = _changing_verb(view) if change else "show"
    require(actor, verb, resource)
    return view, view.record_or_404(pk, verb=verb)


def find_attachment(attachment_id: int, *, actor: User, change: bool = False) -> Attachment:
    """Return a file whose record the actor may see, or change. Raises NotFound and NotAllowed."""
    attachment = get_attachment(attachment_id)
    record_with_files(attachment.ref.resource, str(attachment.ref.record_id), actor=actor, change=change)
    return attachment


def add_file(view: "CrudView", record: Any, *, sent: FileStorage | None, actor: User, now: dt.datetime) -> Attachment:
    """Attach one sent file. Raises ValidationError, and what the view refuses with; nothing is kept then."""
    if sent is None or not sent.filename:
        raise ValidationError("attachment.name", _("Choose a file first."), field="file")
    name, stream = sent.filename, sent.stream

    def attach() -> Attachment:
        stream.seek(0)  # It was read to its end where a try before this one was undone.
        ref = ref_of(record, view.resource)
        added = attach_file(ref, name=name, stream=stream, actor=actor, now=now, today=_today(now))
        try:
            view.check_file(record, added, is_new=True)
        except AppError:
            delete_stored(added.stored_as, company_id=added.company_id)
            raise
        return added

    with closing(sent):
        return call_service(attach)


def remove_file(attachment: Attachment, *, reason: str, actor: User, now: dt.datetime) -> None:
    """Delete one file. Raises ValidationError for a blank reason, and what the view refuses with."""
    ref = attachment.ref
    view, record = record_with_files(ref.resource, str(ref.record_id), actor=actor, change=True)

    def remove() -> None:
        view.check_file(record, attachment, is_new=False)
        delete_attachment(attachment, reason=reason, actor=actor, now=now)

    call_service(remove)


def delete_with_files(view: "type[CrudView]", record: Any, *, actor: User) -> None:
    """Delete a record through its view's service, and then the files that nobody could fetch any more."""
    resource, record_id = view.resource, record.id
    files = list_attachments(resource, record_id) if takes_attachments(view) else []
    view.delete_with(record, actor=actor)
    now = utc_now()
    for attachment in files:
        delete_attachment(attachment, reason=str(_("The record was deleted.")), actor=actor, now=now)


def may_change(view: "CrudView", record: Any, actor: User) -> bool:
    """Tell whether the actor may add and delete files of this record."""
    verb = _changing_verb(view)
    return may(actor, verb, view.resource) and reaches(actor, record, verb=verb)


def _changing_verb(view: "CrudView") -> str:
    """Return the right that it takes: to edit, or, where nobody edits by hand, to see."""
    return "edit" if "edit" in view.verbs else "show"


def _today(now: dt.datetime) -> dt.date:
    return local_today(session.get_one(Company, active_company()), now)
