"""The second factor: codes of an authenticator app (RFC 6238), each good once, and recovery codes (S:CORE-03)."""

import datetime as dt
import hmac
import secrets
from typing import Any

import pyotp
import sqlalchemy as sa
from flask import current_app
from flask_appbuilder.security.sqla.models import User

from app.database.encryption import keyed_hash
from app.database.session import session
from app.errors import Conflict, ValidationError
from app.i18n import _
from app.security.models import RecoveryCode, SecondFactor

RECOVERY_CODES = 10
STEP_SECONDS = 30
_TOLERANCE = 1  # Steps that a telephone's clock may be off, either way.
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"  # Without those that look alike.


def has_second_factor(user_id: int) -> bool:
    """Tell whether a log-in of this user takes a code."""
    return session.scalar(_confirmed(user_id)) is not None


def waiting_second_factor(user_id: int) -> SecondFactor | None:
    """Return the key that was proposed to a user and waits for its first code."""
    waiting = sa.select(SecondFactor).where(SecondFactor.user_id == user_id, SecondFactor.confirmed_at.is_(None))
    return session.scalar(waiting)


def propose_second_factor(user: User) -> None:
    """Give a user a fresh key to enter into his app. Raises Conflict while one is in use."""
    if has_second_factor(user.id):
        raise Conflict("second_factor.on", _("The second factor is on already."))
    remove_second_factor(user.id)
    session.add(SecondFactor(user_id=user.id, secret=pyotp.random_base32()))
    session.flush()


def confirm_second_factor(user: User, code: str, *, now: dt.datetime) -> list[str]:
    """Turn the proposed key on with a first code, and return the recovery codes, which nobody can show again.

    Raises ValidationError for a wrong code, Conflict when nothing was proposed.
    """
    factor = waiting_second_factor(user.id)
    if factor is None:
        raise Conflict("second_factor.none", _("Begin again: no key is waiting for its first code."))
    step = _matching_step(factor.secret, code, now)
    if step is None:
        raise ValidationError(
            "second_factor.code",
            _("This code does not fit. Check that the clock of the telephone is right, and enter the code shown now."),
            field="code",
        )
    factor.confirmed_at, factor.last_step = now, step
    return renew_recovery_codes(user)


def renew_recovery_codes(user: User) -> list[str]:
    """Replace the recovery codes of a user; the former ones open nothing any more."""
    session.execute(sa.delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes = ["-".join(_random(5) for _half in range(2)) for _code in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(user_id=user.id, code_hash=_hash(user.id, code)) for code in codes)
    session.flush()
    return codes


def unused_recovery_codes(user_id: int) -> int:
    """Return how many recovery codes a user has left."""
    left = sa.select(sa.func.count(RecoveryCode.id)).where(
        RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None)
    )
    return session.scalar(left) or 0


def use_code(user_id: int, code: str, *, now: dt.datetime) -> bool:
    """Tell whether the code of the app, or a recovery code, is right; it is used up by that."""
    factor: SecondFactor | None = session.scalar(_confirmed(user_id))
    if factor is None:
        return False
    step = _matching_step(factor.secret, code, now)
    if step is None:
        return _use_recovery_code(user_id, code, now)
    # Compared in SQL, so that of two log-ins at once with the same code one is refused.
    mine = sa.and_(SecondFactor.user_id == user_id, SecondFactor.last_step < step)
    return _changes_a_row(sa.update(SecondFactor).where(mine).values(last_step=step))


def remove_second_factor(user_id: int) -> None:
    """Forget the key and the recovery codes of a user."""
    for model in (RecoveryCode, SecondFactor):
        session.execute(sa.delete(model).where(model.user_id == user_id))


def address_of(factor: SecondFactor, user: User) -> str:
    """Return what the QR code says to an authenticator app."""
    return pyotp.TOTP(factor.secret).provisioning_uri(name=user.username, issuer_name=current_app.config["APP_NAME"])


def qr_code(text: str) -> str:
    """Return the text as a QR code in SVG, black on white whatever the theme."""
    import segno  # noqa: PLC0415  # Needed once in the life of a user.

    return segno.make_qr(text, error="m").svg_inline(light="white", omitsize=True)


def _confirmed(user_id: int) -> sa.Select[Any]:
    return sa.select(SecondFactor).where(SecondFactor.user_id == user_id, SecondFactor.confirmed_at.is_not(None))


def _matching_step(secret: str, code: str, now: dt.datetime) -> int | None:
    """Return the number of the half minute that the code belongs to, near `now`."""
    digits = "".join(code.split())
    if not (digits.isascii() and digits.isdecimal()):
        return None
    present, codes = int(now.timestamp()) // STEP_SECONDS, pyotp.TOTP(secret, interval=STEP_SECONDS)
    for step in range(present - _TOLERANCE, present + _TOLERANCE + 1):
        if hmac.compare_digest(codes.generate_otp(step), digits):
            return step
    return None


def _use_recovery_code(user_id: int, code: str, now: dt.datetime) -> bool:
    mine = sa.and_(RecoveryCode.user_id == user_id, RecoveryCode.code_hash == _hash(user_id, code))
    return _changes_a_row(sa.update(RecoveryCode).where(mine, RecoveryCode.used_at.is_(None)).values(used_at=now))


def _changes_a_row(statement: sa.Update) -> bool:
    result = session.execute(statement.execution_options(synchronize_session=False))
    return bool(result.rowcount)  # type: ignore[attr-defined]  # An UPDATE gives a CursorResult.


def _hash(user_id: int, code: str) -> str:
    plain = "".join(sign for sign in code.lower() if sign.isalnum())
    return keyed_hash(f"recovery code:{user_id}:{plain}")


def _random(length: int) -> str:
    return "".join(secrets.choice(_SIGNS) for _sign in range(length))
