"""Whose a document is: nobody approves what he wrote, or answers for (S:CORE-09)."""

from typing import Any

from flask_appbuilder.security.sqla.models import User


def is_own(document: Any, actor: User) -> bool:
    """Tell whether the actor wrote a document, or answers for it as its owner."""
    return actor.id in authors_of(document)


def authors_of(document: Any) -> set[int]:
    """Return the ids of the users who wrote a document, or answer for it."""
    owner = getattr(document, "owner", None)
    users = {getattr(document, "created_by_id", None), owner.user_id if owner is not None else None}
    return {user_id for user_id in users if user_id is not None}
