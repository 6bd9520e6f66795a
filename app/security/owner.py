"""Making sure that it is the owner who sits there, not somebody who found the browser open."""

import datetime as dt

from flask_appbuilder.security.sqla.models import User

from app.errors import NotAllowed, ValidationError
from app.i18n import _
from app.security.external import is_directory_user
from app.security.identify import is_present_password
from app.security.lockout import is_locked, note_failure
from app.security.logins import current_login
from app.security.passwords import is_kept_here, refuse_kept_elsewhere, set_password
from app.security.provider import CONFIRMED_FOR


def has_password(user: User) -> bool:
    """Tell whether a user has a password that can be asked for, ours or the directory's."""
    return is_kept_here(user) or is_directory_user(user.id)


def has_confirmed(*, now: dt.datetime) -> bool:
    """Tell whether the identity provider has asked the person itself a moment ago."""
    login = current_login()
    at = login.confirmed_at if login is not None else None
    return at is not None and now - at < CONFIRMED_FOR


def change_own_password(user: User, *, current: str, new: str, now: dt.datetime) -> None:
    """Change the password of whoever knows the present one: guesses count as at log-in.

    Raises what `require_owner` raises, and ValidationError naming the field for a password that is not good enough.
    """
    refuse_kept_elsewhere(user, field="new")
    if not is_kept_here(user):
        raise ValidationError("password.wrong", _("This is not your present password."), field="current")
    require_owner(user, current, now=now, field="current")
    set_password(user, new, field="new")


def require_owner(user: User, password: str, *, now: dt.datetime, field: str = "password") -> None:
    """Check the present password; of whoever has none, that the identity provider has just asked him for his.

    Guesses count as at log-in. Raises NotAllowed while the account is locked or where the provider has not asked,
    ValidationError for a wrong password, DirectoryDown where only the directory could tell.
    """
    if not has_password(user):
        if not has_confirmed(now=now):
            raise NotAllowed("security.not_confirmed", _("Log in once more with your company account, then try again."))
        return
    if is_locked(user.id, now=now):
        raise NotAllowed("security.locked", _("Too many wrong passwords. Wait a little."))
    if not is_present_password(user, password):
        note_failure(user.id, now=now)
        raise ValidationError("password.wrong", _("This is not your present password."), field=field)
