"""The session: what services use, what the edge commits, what happens after commit."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, SessionTransaction

from app.database.base import Model
from app.database.context import active_company, remember_company, viewer_id
from app.database.isolation import CompanySession, drop_company_rows, forget_company_rows
from app.database.row_security import announce_company
from app.database.sqlite import begin_writing as _begin_writing

log = logging.getLogger(__name__)
db = SQLAlchemy(model_class=Model, session_options={"class_": CompanySession}, disable_autonaming=True)
session: Session = db.session  # type: ignore[assignment]  # A scoped proxy with the same methods.
_QUEUE = "after_commit_queue"


def set_active_company(company_id: int | None) -> None:
    """Switch company for this request or job. Only edges call this; rows met before are forgotten."""
    if company_id == active_company():
        return
    forget_company_rows(db.session())
    remember_company(company_id)
    if db.session().in_transaction():
        announce_company(session.connection())


@contextmanager
def as_company(company_id: int | None) -> Iterator[None]:
    """Enter a company in a job, a command or a test, and come back."""
    before = active_company()
    set_active_company(company_id)
    try:
        yield
    except BaseException:
        _flee_to(before)
        raise
    if db.session().is_active:
        set_active_company(before)
    else:  # A flush failed, and whoever caught the error has yet to roll back.
        _flee_to(before)


def _flee_to(company_id: int | None) -> None:
    """Change company after a failure: nothing is written, and a broken transaction is left to whoever opened it."""
    if company_id == active_company():
        return
    drop_company_rows(db.session())
    remember_company(company_id)
    with suppress(SQLAlchemyError):
        if db.session().in_transaction():
            announce_company(session.connection())


def begin_writing() -> None:
    """Say at the start of a request or job that it will write; SQLite then waits its turn instead of failing."""
    _begin_writing(db.session())


@contextmanager
def outside_transaction() -> Iterator[None]:
    """Give up the transaction so far while another machine is asked, then begin to write.

    On SQLite a slow answer would keep everybody else from writing. Call it before anything is written.
    """
    rollback()
    try:
        yield
    finally:
        begin_writing()


def on_commit(call: Callable[[], None]) -> None:
    """Run `call` once this transaction is committed; forget it when it, or the savepoint we are in, is rolled back."""
    session.info.setdefault(_QUEUE, []).append((db.session().get_nested_transaction(), call))


def commit() -> None:
    """Commit, then run what waited for it. Only edges (web, worker, cli) call this.

    What waited cannot undo the commit: its failures are logged. For somebody who only looks, nothing is kept.
    """
    if viewer_id() is not None:
        rollback()
        return
    session.commit()
    for _savepoint, call in session.info.pop(_QUEUE, []):
        try:
            call()
        except Exception:
            log.exception("a call after commit failed: %r", call)


def rollback() -> None:
    """Undo everything and forget what waited for the commit."""
    session.info.pop(_QUEUE, None)
    session.rollback()


def _forget_undone(session: Session, ended: SessionTransaction) -> None:
    """Take the calls queued within a transaction that was rolled back out of the queue."""
    waiting = session.info.get(_QUEUE, [])
    if waiting:
        session.info[_QUEUE] = [
            (savepoint, call)
            for savepoint, call in waiting
            if ended.parent is not None and not _lies_within(savepoint, ended)
        ]


def _lies_within(inner: SessionTransaction | None, outer: SessionTransaction) -> bool:
    while inner is not None and inner is not outer:
        inner = inner.parent
    return inner is outer


event.listen(CompanySession, "after_soft_rollback", _forget_undone)
