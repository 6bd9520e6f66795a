"""Attaching files to a record, and taking them away. Whoever calls has checked that the actor may."""

import datetime as dt
import unicodedata
from io import BytesIO
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa
from flask import current_app
from flask_appbuilder.security.sqla.models import User
from sqlalchemy.orm import joinedload

from app.database.session import session
from app.documents.file_types import FILE_TYPES, carries_macros, fitting_type
from app.documents.models import Attachment, DocumentRef
from app.documents.parameters import ATTACHMENT_MAX_MEGABYTES, ATTACHMENT_TYPES
from app.documents.stored_files import StoredFile, TooLarge, delete_stored, delete_unnamed, store, stored_path
from app.errors import Conflict, NotFound, ValidationError
from app.i18n import _

CLEAN_UP_EVERY = dt.timedelta(days=1)
MEGABYTE = 2**20
_NAME_LENGTH = 200
_REASON_LENGTH = 400


def allowed_types(today: dt.date) -> list[str]:
    """Return the extensions of the files that this company takes, of those that the platform can recognise."""
    chosen = {word.strip().lower().lstrip(".") for word in ATTACHMENT_TYPES.value(today)}
    return [extension for extension in FILE_TYPES if not chosen or extension in chosen]


def size_limit(today: dt.date) -> int:
    """Return the size in megabytes up to which this company takes a file, within what the installation takes."""
    return min(ATTACHMENT_MAX_MEGABYTES.value(today), int(current_app.config["UPLOAD_LIMIT_MEGABYTES"]))


def attach_file(
    ref: DocumentRef, *, name: str, stream: IO[bytes], actor: User, now: dt.datetime, today: dt.date
) -> Attachment:
    """Keep a file for a record.

    Raises ValidationError for a type that is not allowed, for content of another type than the name says, for an empty
    file and for one above the limit; nothing is kept then (R1, R4).
    """
    name = _clean_name(name)
    extension = Path(name).suffix.lower().lstrip(".")
    if extension not in (allowed := allowed_types(today)):
        raise ValidationError(
            "attachment.type",
            _("“%(name)s”: files of this type are not taken. Allowed are %(allowed)s."),
            field="file",
            name=name,
            allowed=", ".join(allowed),
        )
    limit = size_limit(today)
    try:
        stored = store(stream, limit=limit * MEGABYTE)
    except TooLarge:
        raise ValidationError(
            "attachment.size", _("“%(name)s” is larger than %(limit)s MB."), field="file", name=name, limit=limit
        ) from None
    try:
        _check_content(stored, name=name, extension=extension)
    except ValidationError:
        delete_stored(stored.name, company_id=ref.company_id)
        raise
    return _add(ref, name, stored, actor=actor, now=now)


def _check_content(stored: StoredFile, *, name: str, extension: str) -> None:
    path = stored_path(stored.name)
    if stored.size == 0:
        raise ValidationError("attachment.empty", _("“%(name)s” is empty."), field="file", name=name)
    if fitting_type(path, extension) is None:
        raise ValidationError(
            "attachment.content",
            _("“%(name)s” is not what its name says: it is damaged, or a file of another type."),
            field="file",
            name=name,
        )
    if carries_macros(path):
        raise ValidationError(
            "attachment.macros",
            _("“%(name)s” carries macros, programs that run when it is opened. Save it without macros."),
            field="file",
            name=name,
        )


def keep_generated(ref: DocumentRef, *, name: str, content: bytes, actor: User, now: dt.datetime) -> Attachment:
    """Keep a file that the application itself made for a record, whatever types and sizes people may attach."""
    stored = store(BytesIO(content), limit=len(content))
    return _add(ref, _clean_name(name), stored, actor=actor, now=now)


def read_attachment(attachment: Attachment) -> bytes:
    """Return what is in a file. Raises NotFound where it was deleted, or is missing on the disk."""
    path = stored_path(attachment.stored_as)
    if not attachment.is_there or not path.is_file():
        raise NotFound("attachment.not_found", _("There is no such file."))
    return path.read_bytes()


def delete_attachment(attachment: Attachment, *, reason: str, actor: User, now: dt.datetime) -> None:
    """Remove the file, and keep who did it and why.

    Raises ValidationError for a blank reason, Conflict the second time (R1, R2).
    """
    reason = " ".join(reason.split())
    if not reason or len(reason) > _REASON_LENGTH:
        raise ValidationError(
            "attachment.reason",
            _("Say in at most %(limit)s characters why the file is deleted."),
            field="reason",
            limit=_REASON_LENGTH,
        )
    if not attachment.is_there:
        raise Conflict("attachment.deleted", _("This file was deleted already."))
    attachment.deleted_by_id, attachment.deleted_at, attachment.reason = actor.id, now, reason
    attachment.stored_as = ""
    session.flush()


def get_attachment(attachment_id: int) -> Attachment:
    """Return an attachment whose file is there. Raises NotFound."""
    found: Attachment | None = session.scalar(
        sa.select(Attachment).where(Attachment.id == attachment_id).options(joinedload(Attachment.ref))
    )
    if found is None or not found.is_there:
        raise NotFound("attachment.not_found", _("There is no such file."))
    return found


def list_attachments(resource: str, record_id: int, *, deleted: bool = False) -> list[Attachment]:
    """Return the files of a record, oldest first; with `deleted`, those that were removed too."""
    statement = sa.select(Attachment).options(joinedload(Attachment.added_by)).order_by(Attachment.id)
    return list(session.scalars(_of_record(statement, resource, record_id, deleted=deleted)))


def count_attachments(resource: str, record_id: int) -> sa.ScalarSelect[int]:
    """Return how many files a record has, to be asked for along with other numbers."""
    return _of_record(sa.select(sa.func.count(Attachment.id)), resource, record_id).scalar_subquery()


def delete_unnamed_files(now: dt.datetime) -> None:
    """Remove the active company's files that no attachment names any more."""
    delete_unnamed(set(session.scalars(sa.select(Attachment.stored_as))), now=now)


def _of_record(statement: sa.Select[Any], resource: str, record_id: int, *, deleted: bool = False) -> sa.Select[Any]:
    statement = statement.join(DocumentRef, Attachment.ref_id == DocumentRef.id).where(
        DocumentRef.resource == resource, DocumentRef.record_id == record_id
    )
    return statement if deleted else statement.where(Attachment.deleted_at.is_(None), Attachment.stored_as != "")


def _add(ref: DocumentRef, name: str, stored: StoredFile, *, actor: User, now: dt.datetime) -> Attachment:
    attachment = Attachment(
        ref_id=ref.id,
        name=name,
        extension=Path(name).suffix.lower().lstrip("."),
        size=stored.size,
        sha256=stored.sha256,
        stored_as=stored.name,
        added_by_id=actor.id,
        added_at=now,
    )
    session.add(attachment)
    session.flush()
    return attachment


def _clean_name(name: str) -> str:
    """Return the file name without folders and without what a screen or a header could trip over."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    shown = "".join(each if each.isprintable() else " " for each in last)
    stem, suffix = Path(" ".join(shown.split())).stem, Path(shown.strip()).suffix
    if not stem:
        raise ValidationError("attachment.name", _("Choose a file first."), field="file")
    return stem[: _NAME_LENGTH - len(suffix)] + suffix
