"""Whoever the directory no longer lets in is logged out here too, within the hour."""

import datetime as dt
import logging

import sqlalchemy as sa
from flask import current_app

from app.database.session import session
from app.security.audit import record
from app.security.directory import DirectoryDown, find_in_directory, is_directory_on
from app.security.logins import revoke_logins
from app.security.models import DIRECTORY, ExternalIdentity, Login, LoginMethod

log = logging.getLogger(__name__)
WATCH_EVERY = dt.timedelta(hours=1)


def end_directory_logins(now: dt.datetime) -> None:
    """End the log-ins of users whom the filters of the directory do not find any more.

    Only where it may be searched; while it is down nobody is logged out.
    """
    if not is_directory_on() or not current_app.config["LDAP_BIND_DN"]:
        return
    try:
        gone = [user_id for user_id, name, subject in _logged_in(now) if not _is_there(name, subject)]
    except DirectoryDown as error:
        log.warning("log-ins of the directory were not looked at: %s", error.code)
        return
    for user_id in gone:
        revoke_logins(user_id, now=now)
        record("login.gone", user_id=user_id)


def _logged_in(now: dt.datetime) -> list[tuple[int, str, str]]:
    found = (
        sa.select(ExternalIdentity.user_id, ExternalIdentity.name, ExternalIdentity.subject)
        .join(Login, Login.user_id == ExternalIdentity.user_id)
        .where(
            ExternalIdentity.issuer == DIRECTORY,
            Login.method == LoginMethod.DIRECTORY,
            Login.revoked_at.is_(None),
            Login.expires_at > now,
        )
        .distinct()
    )
    return [(row.user_id, row.name, row.subject) for row in session.execute(found)]


def _is_there(name: str, subject: str) -> bool:
    entry = find_in_directory(name)
    return entry is not None and entry.id == subject
