"""What must outlive the present transaction, whatever becomes of it: it waits until the transaction is over.

SQLite lets one transaction write at a time: a second one, opened beside the first, would wait for its own request.
"""

from collections.abc import Callable

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from app.database.isolation import CompanySession
from app.database.session import session

_QUEUE = "afterwards"


def afterwards(call: Callable[[], object]) -> None:
    """Call once the present transaction is committed, rolled back or closed; at once if there is none."""
    if session().in_transaction():  # type: ignore[operator]  # The scoped proxy gives its session when called.
        session.info.setdefault(_QUEUE, []).append(call)
    else:
        call()


def _on_end(ended: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        waiting: list[Callable[[], object]] = ended.info.pop(_QUEUE, [])
        for call in waiting:
            call()


event.listen(CompanySession, "after_transaction_end", _on_end)
