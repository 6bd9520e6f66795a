"""One form, sent twice, makes one record: every add form carries a key that is used up with it."""

import secrets
from collections.abc import Callable
from hashlib import sha256

from sqlalchemy import select

from app.crud.models import Submission
from app.crud.records import call_service
from app.database.base import CompanyModel
from app.database.context import acting_user_id
from app.database.session import rollback, session
from app.errors import Conflict


def new_key() -> str:
    """Return a key for a fresh form."""
    return secrets.token_urlsafe(18)


def create_once(key: str | None, resource: str, create: Callable[[], CompanyModel]) -> int:
    """Return the id of the record that `create` makes, or made when this user sent this key the first time.

    Without a key (a REST caller that sends none) every call makes a record.
    """
    if not key:
        return call_service(create).id
    key = sha256(f"{resource} {acting_user_id()} {key}".encode("utf-8", "replace")).hexdigest()
    earlier = _find(key, resource)
    if earlier is not None:
        return earlier
    try:
        return call_service(_create_and_mark, key, resource, create)
    except Conflict:
        # Two requests at once: the other one may have committed while this one waited for the key.
        rollback()
        earlier = _find(key, resource)
        if earlier is None:
            raise
        return earlier


def _create_and_mark(key: str, resource: str, create: Callable[[], CompanyModel]) -> int:
    record = create()
    session.flush()
    session.add(Submission(key=key, resource=resource, record_id=record.id))
    session.flush()
    return record.id


def _find(key: str, resource: str) -> int | None:
    return session.scalar(select(Submission.record_id).where(Submission.key == key, Submission.resource == resource))
