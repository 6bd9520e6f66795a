"""Passwords: what is good enough, how long it lasts, and that it is not used again (S:CORE-02, S:CORE-03)."""

import datetime as dt
import unicodedata
from pathlib import Path

import sqlalchemy as sa
from flask import current_app
from flask_appbuilder.exceptions import PasswordComplexityValidationError
from flask_appbuilder.security.sqla.models import User
from flask_login import current_user
from sqlalchemy import event
from sqlalchemy.orm import Session
from werkzeug.security import check_password_hash, generate_password_hash

from app.database.columns import utc_now
from app.database.isolation import CompanySession
from app.database.session import session
from app.errors import ValidationError
from app.i18n import _
from app.security.logins import LiveLogin, current_login
from app.security.models import DIRECTORY, Account, ExternalIdentity, FormerPassword, Login, LoginMethod

LONG_PHRASE = 16  # Characters. From here on, one kind of character is enough.
MAXIMUM_LENGTH = 200  # Characters; hashing more would only cost time.
_COMMON = frozenset((Path(__file__).parent / "common_passwords.txt").read_text(encoding="utf-8").split())


def check_password(password: str, *, username: str = "", field: str = "password") -> None:
    """Raise ValidationError unless the password is good enough: long, mixed or a long phrase, not a common one."""
    shortest = current_app.config["PASSWORD_MINIMUM_LENGTH"]
    if not shortest <= len(password) <= MAXIMUM_LENGTH:
        raise ValidationError(
            "password.length",
            _("A password has %(limit)s to %(maximum)s characters."),
            field=field,
            limit=shortest,
            maximum=MAXIMUM_LENGTH,
        )
    plain = unicodedata.normalize("NFKC", password).casefold()
    if _gives_away(username.casefold(), plain):
        raise ValidationError(
            "password.username",
            _("The password must not contain the user name %(limit)s."),
            field=field,
            limit=username,
        )
    if plain in _COMMON or len(set(plain)) < 4:
        raise ValidationError(
            "password.common", _("This password is one of the first that anybody would try."), field=field
        )
    if len(password) < LONG_PHRASE and _kinds(password) < 2:
        raise ValidationError(
            "password.mix",
            _("Mix letters with digits or signs, or use at least %(limit)s characters."),
            field=field,
            limit=LONG_PHRASE,
        )


def set_password(user: User, password: str, *, must_change: bool = False, field: str = "password") -> None:
    """Give a user a new password and end his other log-ins.

    Raises ValidationError when it is not good enough, was used lately, or is kept by the directory. With
    `must_change` he has to choose another one at once.
    """
    refuse_kept_elsewhere(user, field=field)
    check_password(password, username=user.username, field=field)
    _refuse_former(user, password, field)
    user.password = hash_password(password)
    session.flush()
    session.execute(sa.update(Account).where(Account.user_id == user.id).values(must_change=must_change))


def is_kept_here(user: User) -> bool:
    """Tell whether a user has a password of ours."""
    return bool(user.password)


def refuse_kept_elsewhere(user: User, *, field: str) -> None:
    """Raise ValidationError for somebody whose password the directory keeps."""
    mine = (ExternalIdentity.user_id == user.id, ExternalIdentity.issuer == DIRECTORY)
    if user.id and session.scalar(sa.select(ExternalIdentity.id).where(*mine)) is not None:
        raise ValidationError(
            "password.elsewhere",
            _("%(name)s logs in with the password of the company directory; it is changed there."),
            field=field,
            name=user.username,
        )


def keep_given_password(user: User) -> None:
    """Let a user keep the password that somebody else gave him: for demonstrations and tests."""
    session.flush()
    session.execute(sa.update(Account).where(Account.user_id == user.id).values(must_change=False))


def hash_password(password: str) -> str:
    """Return the salted hash that is stored."""
    return generate_password_hash(
        password,
        method=current_app.config.get("FAB_PASSWORD_HASH_METHOD", "scrypt"),
        salt_length=current_app.config.get("FAB_PASSWORD_HASH_SALT_LENGTH", 16),
    )


def is_due(login: LiveLogin, *, now: dt.datetime) -> bool:
    """Tell whether this user must change the password before anything else; one that is kept elsewhere never."""
    if login.method is not LoginMethod.PASSWORD:
        return False
    if login.must_change or login.password_changed_at is None:
        return True
    longest = current_app.config["PASSWORD_MAX_AGE_DAYS"]
    return bool(longest) and now - login.password_changed_at > dt.timedelta(days=longest)


def fab_validator(password: str) -> None:
    """Hold FAB's own user forms and REST to the same policy."""
    try:
        check_password(password)
    except ValidationError as error:
        raise PasswordComplexityValidationError(str(error)) from error


def _gives_away(username: str, password: str) -> bool:
    # A name of two letters is found in many good passwords by chance.
    return username in password if len(username) >= 4 else username == password


def _kinds(password: str) -> int:
    return sum(
        (
            any(character.isalpha() for character in password),
            any(character.isdigit() for character in password),
            any(not character.isalnum() for character in password),
        )
    )


def _refuse_former(user: User, password: str, field: str) -> None:
    kept = current_app.config["PASSWORD_HISTORY"]
    former = session.scalars(
        sa.select(FormerPassword.password_hash)
        .where(FormerPassword.user_id == user.id)
        .order_by(FormerPassword.id.desc())
        .limit(kept)
    ).all()
    if any(check_password_hash(password_hash, password) for password_hash in former):
        raise ValidationError(
            "password.used", _("Your last %(limit)s passwords cannot be used again."), field=field, limit=kept
        )


def _before_flush(session: Session, _context: object, _instances: object) -> None:
    """Keep the account and the history in step, whoever sets a password: a form of FAB's, its API or a command."""
    for row in [*session.new, *session.dirty]:
        if isinstance(row, User) and sa.inspect(row).attrs.password.history.has_changes() and row.password:
            _note_new_password(session, row)


def _note_new_password(session: Session, user: User) -> None:
    now = utc_now()
    account = session.scalar(sa.select(Account).where(Account.user_id == user.id)) if user.id else None
    if account is None:
        account = Account(user=user)
        session.add(account)
    account.changed_at = now
    # Whoever gets a password from somebody else must choose his own.
    account.must_change = not (current_user and current_user.is_authenticated and current_user.id == user.id)
    session.add(FormerPassword(user=user, password_hash=user.password, set_at=now))
    if user.id:
        login = current_login()
        keep = login.sid if login is not None and login.user_id == user.id else ""
        session.execute(
            sa.update(Login)
            .where(Login.user_id == user.id, Login.revoked_at.is_(None), Login.sid != keep)
            .values(revoked_at=now)
        )


event.listen(CompanySession, "before_flush", _before_flush)
