"""Comments on a record."""

import datetime as dt

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from app.database.columns import utc_now
from app.database.session import session
from app.documents.models import Comment, DocumentRef
from app.errors import ValidationError
from app.i18n import _

MAX_BODY = 4_000


def add_comment(ref: DocumentRef, *, body: str, actor: User, now: dt.datetime | None = None) -> Comment:
    """Say something about a record. Raises ValidationError for a blank or an overlong body (R1, R4)."""
    body = body.replace("\r\n", "\n").replace("\0", "").strip()
    if any("\ud800" <= character <= "\udfff" for character in body):  # JSON may carry them; no database keeps them.
        raise ValidationError("comment.invalid", _("The text contains half a character."), field="body")
    if not body:
        raise ValidationError("comment.blank", _("Write something first."), field="body")
    if len(body) > MAX_BODY:
        raise ValidationError(
            "comment.long",
            _("A comment has at most %(limit)s characters; this one has %(length)s."),
            field="body",
            limit=MAX_BODY,
            length=len(body),
        )
    comment = Comment(ref_id=ref.id, body=body, author_id=actor.id, at=now or utc_now())
    session.add(comment)
    session.flush()
    return comment


def list_comments(resource: str, record_id: int, *, limit: int = 100) -> list[Comment]:
    """Return the latest comments on a record, newest first."""
    return list(
        session.scalars(
            select(Comment)
            .join(DocumentRef, Comment.ref_id == DocumentRef.id)
            .where(DocumentRef.resource == resource, DocumentRef.record_id == record_id)
            .order_by(Comment.id.desc())
            .limit(limit)
        )
    )
