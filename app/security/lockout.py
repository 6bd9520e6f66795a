"""Lock-out: after several failures in a row an account takes no log-in for a while (S:CORE-03)."""

import datetime as dt

import sqlalchemy as sa
from flask import current_app

from app.database.session import db, session
from app.security.models import Account


def is_locked(user_id: int, *, now: dt.datetime) -> bool:
    """Tell whether this account takes no log-in at present."""
    locked_until = session.scalar(sa.select(Account.locked_until).where(Account.user_id == user_id))
    return locked_until is not None and locked_until > now


def note_failure(user_id: int, *, now: dt.datetime) -> bool:
    """Count a wrong password, and tell whether the account is locked by it.

    In a transaction of its own: the request answers with a refusal and is rolled back. The count rises in SQL,
    so that many guesses at once are all counted.
    """
    with db.engine.begin() as connection:
        mine = Account.user_id == user_id
        raised = connection.execute(sa.update(Account).where(mine).values(failures=Account.failures + 1))
        if not raised.rowcount:
            connection.execute(sa.insert(Account).values(user_id=user_id, failures=1))
        failures = connection.scalar(sa.select(Account.failures).where(mine)) or 0
        if failures < current_app.config["LOGIN_FAILURES_TO_LOCK"]:
            return False
        until = now + dt.timedelta(minutes=current_app.config["LOGIN_LOCK_MINUTES"])
        connection.execute(sa.update(Account).where(mine).values(failures=0, locked_until=until))
        return True


def forget_failures(user_id: int) -> None:
    """Start counting anew after a log-in."""
    session.execute(
        sa.update(Account)
        .where(Account.user_id == user_id, sa.or_(Account.failures > 0, Account.locked_until.is_not(None)))
        .values(failures=0, locked_until=None))
