"""The session: what services use, what the edge commits, what happens after commit."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import Session

from app.database.base import Model
from app.database.context import active_company, remember_company
from app.database.isolation import CompanySession, forget_company_rows
from app.database.row_security import announce_company
from app.database.sqlite import begin_writing as _begin_writing

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
    finally:
        if db.session().is_active:
            set_active_company(before)
        else:  # A failed flush: the transaction is lost anyway, and nothing may run in it.
            rollback()
            set_active_company(before)


def begin_writing() -> None:
    """Say at the start of a request or job that it will write; SQLite then waits its turn instead of failing."""
    _begin_writing(db.session())


def on_commit(call: Callable[[], None]) -> None:
    """Run `call` once this transaction is committed; forget it on roll-back."""
    session.info.setdefault(_QUEUE, []).append(call)


def commit() -> None:
    """Commit, then run what waited for it. Only edges (web, worker, cli) call this."""
    session.commit()
    for call in session.info.pop(_QUEUE, []):
        call()


def rollback() -> None:
    """Undo everything and forget what waited for the commit."""
    session.info.pop(_QUEUE, None)
    session.rollback()
