"""Invitations: a signed link, good once and for some days, by which somebody sets the first password himself.

The link is <number of the user, number of the invitation, signature>; the database keeps its digest only, so that
neither a copy of the database nor the secret of the installation alone opens an account.
"""

import datetime as dt
import hashlib
import hmac
from functools import partial

import sqlalchemy as sa
from flask import current_app
from flask_appbuilder.security.sqla.models import User
from itsdangerous import BadSignature, URLSafeSerializer

from app.database.context import active_company
from app.database.session import on_commit, session
from app.errors import Conflict, NotFound, ValidationError
from app.i18n import _
from app.jobs.dispatch import dispatch
from app.security.audit import record
from app.security.models import Invitation
from app.security.passwords import set_password
from app.security.usernames import has_mail

INVITATION_TASK = "security.invitation"


def invite(user: User, *, invited_by: User, valid_for: dt.timedelta, now: dt.datetime) -> Invitation:
    """Owe a user an e-mail with a fresh link; any earlier link opens nothing any more.

    Raises Conflict for somebody who has logged in already, ValidationError for one without an e-mail address.
    """
    refuse_known(user)
    if not has_mail(user):
        raise ValidationError(
            "invitation.email", _("%(name)s has no e-mail address."), field="email", name=user.get_full_name().strip()
        )
    found = session.scalar(sa.select(Invitation).where(Invitation.user_id == user.id))
    if found is None:
        found = Invitation(user_id=user.id, number=0)
        session.add(found)
    found.company_id, found.invited_by_id = active_company() or 0, invited_by.id
    found.number += 1
    found.token_hash = _digest(token_of(found))
    found.invited_at, found.expires_at = now, now + valid_for
    found.accepted_at = found.withdrawn_at = found.mailed_at = None
    found.mail_due_at, found.mail_attempts = now, 0
    session.flush()
    company_id, key = found.company_id, found.id
    on_commit(lambda: dispatch(INVITATION_TASK, company_id=company_id, invitation_id=key))
    # Once it is kept: the check of a file invites nobody.
    on_commit(partial(record, "invitation.sent", member_id=user.id, member=user.username))
    return found


def refuse_known(user: User) -> None:
    """Raise Conflict for somebody who has logged in: he changes his password himself."""
    if user.last_login is not None or not user.active:
        name = user.get_full_name().strip()
        raise Conflict("invitation.known", _("%(name)s has logged in already, or is switched off."), name=name)


def withdraw(user: User, *, now: dt.datetime) -> None:
    """Make the link of an open invitation worth nothing. Raises Conflict where none is open."""
    found = session.scalar(sa.select(Invitation).where(Invitation.user_id == user.id))
    if found is None or not found.is_open(now):
        raise Conflict("invitation.none", _("No invitation of %(name)s is open."), name=user.get_full_name().strip())
    found.withdrawn_at, found.mail_due_at = now, None
    session.flush()
    record("invitation.withdrawn", member_id=user.id, member=user.username)


def find_invitation(token: str, *, now: dt.datetime) -> Invitation:
    """Return the open invitation of a link. Raises NotFound for one that is forged, used, withdrawn or too old."""
    try:
        _serializer().loads(token)
    except BadSignature as error:
        raise _gone() from error
    digest = _digest(token)
    found = session.scalar(sa.select(Invitation).where(Invitation.token_hash == digest).with_for_update())
    if found is None or not hmac.compare_digest(found.token_hash, digest) or not found.is_open(now):
        raise _gone()
    if not found.user.active or found.user.last_login is not None:
        raise _gone()
    return found


def accept(token: str, password: str, *, now: dt.datetime) -> User:
    """Give the invited user the password that he chose; the link opens nothing any more.

    Raises NotFound as `find_invitation`, ValidationError for a password that is not good enough.
    """
    found = find_invitation(token, now=now)
    set_password(found.user, password, field="new")
    found.accepted_at, found.mail_due_at = now, None
    session.flush()
    record("invitation.accepted", user_id=found.user_id)
    return found.user


def token_of(invitation: Invitation) -> str:
    """Return the token of an invitation's link, for the e-mail that carries it."""
    return str(_serializer().dumps([invitation.user_id, invitation.number]))


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(
        current_app.secret_key or "", salt="security.invitation", signer_kwargs={"digest_method": hashlib.sha256}
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _gone() -> NotFound:
    return NotFound(
        "invitation.gone", _("This invitation holds no longer: it was used, withdrawn, or is too old. Ask for another.")
    )
