"""Who has given a name and a password: the password is checked here, or in the company's directory (S:CORE-03)."""

import datetime as dt

import sqlalchemy as sa
from flask import current_app
from flask_appbuilder.security.sqla.models import User
from flask_appbuilder.security.utils import is_null_password
from werkzeug.security import check_password_hash

from app.database.session import session
from app.errors import AppError
from app.security.audit import record
from app.security.directory import DirectoryDown, ask_directory, is_directory_on, person_of
from app.security.external import admit, identity_of, is_directory_user, known_user, may_be_matched
from app.security.lockout import is_locked, note_failure
from app.security.models import DIRECTORY


def identify(name: str, password: str, *, now: dt.datetime) -> User | None:
    """Return the user with this name (or e-mail) and password, whose second factor is still to be asked.

    None for whatever is wrong; each way to fail costs one hash, so that the time tells nothing either. Raises
    DirectoryDown where only the directory could tell.
    """
    user = _user_named(name)
    candidate = user if user is not None and user.is_active and not is_locked(user.id, now=now) else None
    if _is_kept_password(candidate, password):
        return candidate
    user_id = user.id if user else None
    # A locked account asks nobody: otherwise the directory would be guessed at through it.
    asks = (user is None or candidate is not None) and is_directory_on() and _may_be_elsewhere(user)
    failed = candidate.id if candidate is not None else None
    try:
        found = _in_directory(name, password, now=now) if asks else None
    except DirectoryDown:
        if failed is not None and not is_directory_user(failed):  # His wrong guess counts as while it is up.
            _note(failed, user_id, name, now)
        raise
    if found is None:
        _note(failed, user_id, name, now)
    return found


def is_present_password(user: User, password: str) -> bool:
    """Tell whether this is the password of a user, wherever it is kept. Raises DirectoryDown."""
    identity = identity_of(user.id, DIRECTORY)
    if identity is None or not is_directory_on():
        return check_password_hash(user.password or "", password)
    name, subject = identity.name, identity.subject
    answer = ask_directory(name, password)
    return answer.accepted and answer.entry is not None and answer.entry.id == subject


def _in_directory(name: str, password: str, *, now: dt.datetime) -> User | None:
    """Return the user whom the directory's answer opens. Raises DirectoryDown; None where it opens nobody."""
    settings, answer = current_app.config, ask_directory(name, password)
    if answer.entry is None:
        return None
    user = known_user(DIRECTORY, answer.entry.id)
    if user is not None and is_locked(user.id, now=now):
        return None
    if not answer.accepted:
        named = _user_named(name)
        if user is not None and (named is None or named.id != user.id):  # Else it is counted as that of the name.
            note_failure(user.id, now=now)
        return None
    person = person_of(answer.entry)
    try:
        return admit(person, link_by=settings["LDAP_LINK_BY"], may_create=settings["LDAP_CREATE_USERS"], now=now)
    except AppError as refusal:
        record("login.refused", user_id=refusal.data.get("user_id"), username=name, reason=refusal.code)
        raise


def _may_be_elsewhere(user: User | None) -> bool:
    """Tell whether the directory is asked for a name; of users here, only for those that it has or may take over."""
    if user is None or is_directory_user(user.id):
        return True
    return current_app.config["LDAP_LINK_BY"] != "none" and may_be_matched(user)


def _is_kept_password(candidate: User | None, password: str) -> bool:
    kept = candidate.password if candidate else None
    matches = check_password_hash(kept or current_app.config["AUTH_DB_FAKE_PASSWORD_HASH_CHECK"], password)
    return matches and bool(kept) and not is_null_password(password)


def _note(failed: int | None, user_id: int | None, name: str, now: dt.datetime) -> None:
    if failed is not None:
        note_failure(failed, now=now)
    record("login.failed", user_id=user_id, username=name.replace("\0", ""))


def _user_named(name: str) -> User | None:
    if not name or "\0" in name:  # PostgreSQL takes no NUL.
        return None
    by_name, by_mail = sa.func.lower(User.username) == name.lower(), sa.func.lower(User.email) == name.lower()
    found = session.scalars(sa.select(User).where(by_name | by_mail).order_by(by_name.desc()).limit(1))
    return found.one_or_none()
