"""Lock-out: after several failures in a row an account takes no log-in for a while (S:CORE-03)."""

import datetime as dt
from functools import partial

import sqlalchemy as sa
from flask import current_app

from app.database.afterwards import afterwards
from app.database.session import db, session
from app.database.upsert import update_or_insert
from app.security.audit import record
from app.security.models import Account


def is_locked(user_id: int, *, now: dt.datetime) -> bool:
    """Tell whether this account takes no log-in at present."""
    locked_until = session.scalar(sa.select(Account.locked_until).where(Account.user_id == user_id))
    return locked_until is not None and locked_until > now


def note_failure(user_id: int, *, now: dt.datetime) -> None:
    """Count a wrong password, and lock the account when there were too many in a row.

    In a transaction of its own: the request that answers with a refusal is rolled back.
    """
    afterwards(partial(_count_failure, user_id, now))


def _count_failure(user_id: int, now: dt.datetime) -> None:
    mine = Account.user_id == user_id
    with db.engine.begin() as connection:
        # The count rises in SQL, so that of many guesses at once each one is counted.
        raised = sa.update(Account).where(mine).values(failures=Account.failures + 1)
        update_or_insert(connection, raised, sa.insert(Account).values(user_id=user_id, failures=1))
        failures = connection.scalar(sa.select(Account.failures).where(mine)) or 0
        if failures < current_app.config["LOGIN_FAILURES_TO_LOCK"]:
            return
        until = now + dt.timedelta(minutes=current_app.config["LOGIN_LOCK_MINUTES"])
        connection.execute(sa.update(Account).where(mine).values(failures=0, locked_until=until))
    record("login.locked", user_id=user_id, until=until.isoformat())


def forget_failures(user_id: int) -> None:
    """Start counting anew after a log-in."""
    session.execute(
        sa.update(Account)
        .where(Account.user_id == user_id, sa.or_(Account.failures > 0, Account.locked_until.is_not(None)))
        .values(failures=0, locked_until=None)
    )
