"""What one transaction has learnt in one company, so that it asks once; a savepoint that is rolled back forgets it."""

from typing import Any

from flask import g, has_request_context
from sqlalchemy import event, inspect
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, scoped_session

from app.database.context import active_company

_KEY = "remembered"
AnySession = Session | scoped_session[Any]


class Memory:
    """What the present transaction has read of some models; a change of a row of theirs has it read anew.

    With `for_request` a request keeps it until it ends, whatever is changed meanwhile.
    """

    def __init__(self, name: str, *models: type[Any], for_request: bool = False) -> None:
        self._name, self._models, self._for_request = name, models, for_request
        for model in models:
            for change in ("after_insert", "after_update", "after_delete"):
                event.listen(model, change, self._on_change)
        event.listen(Session, "do_orm_execute", self._on_execute)

    def recall(self, session: AnySession) -> dict[Any, Any]:
        """Return what is known in the active company; the caller fills it."""
        if self._for_request and has_request_context():
            found: dict[Any, Any] = g.setdefault(self._name, {})
            return found
        return remembered(session, self._name)

    def _on_change(self, _mapper: object, _connection: object, row: Any) -> None:
        forget(inspect(row).session, self._name)

    def _on_execute(self, state: ORMExecuteState) -> None:
        if (state.is_update or state.is_delete) and state.bind_mapper and state.bind_mapper.class_ in self._models:
            forget(state.session, self._name)


def remembered(session: AnySession, name: str) -> dict[Any, Any]:
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
