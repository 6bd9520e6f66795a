"""The first password of somebody who has never logged in: by hand, shown once, changed at once (S:CORE-02)."""

import datetime as dt
import secrets

import sqlalchemy as sa
from flask import current_app
from flask_appbuilder.security.sqla.models import User

from app.companies.models import Membership
from app.database.context import active_company
from app.database.session import session
from app.errors import NotAllowed
from app.i18n import _
from app.security.audit import record
from app.security.delegation import require_delegable, require_managed
from app.security.invitations import refuse_known
from app.security.models import Invitation
from app.security.own_roles import require_role_grantable
from app.security.passwords import set_password

_LETTERS, _DIGITS = "abcdefghjkmnpqrstuvwxyz", "23456789"  # Without those that look alike.
_SHORTEST = 12


def require_first_access(actor: User, user: User, *, on: dt.date) -> None:
    """Raise NotAllowed where giving this user a way in would reach beyond what the actor administers.

    Whoever hands out a password could log in with it himself: so only for roles that he may give (S:CORE-05), and not
    for somebody who works in another company too, or administers the platform.
    """
    require_managed(actor, user, on=on)
    held = session.scalars(sa.select(Membership).where(Membership.user_id == user.id)).all()
    if user.roles or user.id == actor.id or any(one.company_id != active_company() for one in held) or not held:
        raise NotAllowed(
            "access.elsewhere",
            _("The access of %(name)s is not given here: he works elsewhere too, or not in this company."),
            name=user.get_full_name().strip(),
        )
    for one in held:
        require_role_grantable(actor, one.role)
        require_delegable(actor, one.role, scope=one.scope, unit_ids=one.unit_ids)


def give_first_password(user: User, *, now: dt.datetime) -> str:
    """Give a user a password that he must change at his first log-in, and return it: it is kept nowhere.

    An open invitation is withdrawn. Raises Conflict for somebody who has logged in already.
    """
    refuse_known(user)
    password = _password()
    set_password(user, password, must_change=True)
    session.execute(
        sa.update(Invitation)
        .where(Invitation.user_id == user.id, Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
        .values(withdrawn_at=now, mail_due_at=None)
    )
    record("password.reset", user_id=user.id)
    return password


def _password() -> str:
    """Return groups of four signs, easily read out on the telephone: 'kfmt-3xwz-…'."""
    length = max(_SHORTEST, current_app.config["PASSWORD_MINIMUM_LENGTH"])
    signs = [secrets.choice(_LETTERS), secrets.choice(_DIGITS)]
    signs += [secrets.choice(_LETTERS + _DIGITS) for _sign in range(length - len(signs))]
    secrets.SystemRandom().shuffle(signs)
    return "-".join("".join(signs[start : start + 4]) for start in range(0, length, 4))
