"""One form, sent twice, does its work once: every form that makes something carries a key that is used up with it."""

import datetime as dt
import secrets
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, select

from app.crud.models import LONGEST_ANSWER, Submission
from app.crud.records import call_service
from app.database.base import CompanyModel
from app.database.context import acting_user_id
from app.database.session import rollback, session
from app.errors import Conflict, Text

KEPT = dt.timedelta(days=30)  # Longer than a page stays open in a tab, or a program tries the same request again.


def new_key() -> str:
    """Return a key for a fresh form."""
    return secrets.token_urlsafe(18)


def create_once(key: str | None, resource: str, create: Callable[[], CompanyModel]) -> int:
    """Return the id of the record that `create` makes, or made when this user sent this key the first time.

    Without a key (a REST caller that sends none) every call makes a record.
    """

    def created() -> dict[str, Any]:
        record = create()
        session.flush()
        return {"record_id": record.id}

    record_id: int = _once(key, resource, created)["record_id"]
    return record_id


def act_once(key: str | None, resource: str, act: Callable[[], Text | None]) -> str:
    """Return what `act` says, or said when this user sent this key the first time; "" for nothing."""
    answer: str = _once(key, resource, lambda: {"answer": str(act() or "")[:LONGEST_ANSWER]})["answer"]
    return answer


def delete_old_submissions(now: dt.datetime) -> None:
    """Forget the keys of the active company that nobody will send again."""
    session.execute(delete(Submission).where(Submission.created_at < now - KEPT))


def _once(key: str | None, resource: str, act: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    if not key:
        return call_service(act)
    key = sha256(f"{resource} {acting_user_id()} {key}".encode("utf-8", "replace")).hexdigest()
    earlier = _find(key, resource)
    if earlier is not None:
        return earlier
    try:
        return call_service(_act_and_mark, key, resource, act)
    except Conflict:
        # Two requests at once: the other one may have committed while this one waited for the key.
        rollback()
        earlier = _find(key, resource)
        if earlier is None:
            raise
        return earlier


def _act_and_mark(key: str, resource: str, act: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    result = act()
    session.add(Submission(key=key, resource=resource, **result))
    session.flush()
    return result


def _find(key: str, resource: str) -> dict[str, Any] | None:
    found = session.scalar(select(Submission).where(Submission.key == key, Submission.resource == resource))
    return None if found is None else {"record_id": found.record_id, "answer": found.answer}
