"""What one transaction has learnt in one company, so that it asks once; a savepoint that is rolled back forgets it."""

from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction, scoped_session

from app.database.context import active_company

_KEY = "remembered"


def remembered(session: Session | scoped_session[Any], name: str) -> dict[Any, Any]:
    """Return what the present transaction remembers under a name in the active company; the caller fills it."""
    own: Session = session() if isinstance(session, scoped_session) else session
    if not own.in_transaction():
        own.begin()
    scope = (own.get_transaction(), active_company())
    kept = own.info.get(_KEY)
    if kept is None or kept[0] != scope:
        kept = own.info[_KEY] = (scope, {})
    names: dict[str, dict[Any, Any]] = kept[1]
    return names.setdefault(name, {})


def forget(session: Session | None, name: str) -> None:
    """Ask anew for what is remembered under a name: it was changed."""
    if session is not None and _KEY in session.info:
        session.info[_KEY][1].pop(name, None)


def _forget_all(session: Session, _ended: SessionTransaction) -> None:
    session.info.pop(_KEY, None)


event.listen(Session, "after_soft_rollback", _forget_all)
