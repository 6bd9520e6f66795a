"""Saying something about a record, from a page or over REST."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from flask_appbuilder.security.sqla.models import User

from app.database.columns import utc_now
from app.documents.comments import add_comment
from app.documents.mentions import tell_mentioned
from app.documents.models import Comment
from app.documents.references import ref_of

if TYPE_CHECKING:
    from app.crud.view import CrudView


def say(view: "CrudView", record: Any, *, body: str, mentions: Sequence[Any], actor: User) -> Comment:
    """Add a comment, and tell the colleagues whom it mentions. Raises ValidationError."""
    now = utc_now()
    comment = add_comment(ref_of(record, view.resource), body=body, actor=actor, now=now)
    user_ids = [int(one) for one in mentions if str(one).isdecimal() and len(str(one)) < 10]
    tell_mentioned(record, user_ids=user_ids, body=comment.body, actor=actor, now=now)
    return comment
