"""Log-ins kept on the server: a cookie or token is good only while its row is live."""

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask import current_app, g, has_request_context, request
from flask_appbuilder.security.sqla.models import User
from flask_login import current_user

from app.database.columns import utc_now
from app.database.session import db, session
from app.security.held_roles import held_roles
from app.security.models import DIRECTORY, Account, ExternalIdentity, Login, LoginKind, LoginMethod, SecondFactor

SEEN_EVERY = dt.timedelta(minutes=1)
KEPT = dt.timedelta(days=90)  # The company entered last is read from it; who logged in when is in the audit for good.
_AGENT_LENGTH = 200
_LIVE = (  # Built once: building it costs as much as running it.
    sa.select(
        User,
        Login.kind,
        Login.company_id,
        Login.last_seen_at,
        Login.method,
        Login.provider_second_factor,
        Login.confirmed_at.label("login_confirmed_at"),
        Login.viewing_id,
        Login.viewed_id,
        Login.viewed_until,
        Account.must_change,
        Account.changed_at,
        Account.second_factor_since,
        SecondFactor.confirmed_at,
    )
    .join(Login, Login.user_id == User.id)
    .outerjoin(Account, Account.user_id == User.id)
    .outerjoin(SecondFactor, SecondFactor.user_id == User.id)
    .where(
        Login.sid == sa.bindparam("sid"),
        User.id == sa.bindparam("user_id"),
        User.active.is_(True),
        Login.revoked_at.is_(None),
        Login.expires_at > sa.bindparam("now"),
    )
)


@dataclass(frozen=True)
class OpenViewing:
    """Whose screens the user of a log-in looks at; over once `until` has passed, though nobody noted it yet."""

    id: int
    viewed_id: int | None
    until: dt.datetime


@dataclass(frozen=True)
class LiveLogin:
    """The log-in that carries this request, with what the guards need to know of the account."""

    sid: str
    user_id: int
    kind: LoginKind
    company_id: int | None
    last_seen_at: dt.datetime
    method: LoginMethod
    provider_second_factor: bool  # The identity provider has asked for one.
    confirmed_at: dt.datetime | None  # When it asked the person itself again.
    must_change: bool
    password_changed_at: dt.datetime | None
    has_second_factor: bool
    second_factor_since: dt.datetime | None  # Since when one is wanted.
    viewing: OpenViewing | None = None


@dataclass(frozen=True)
class ProviderLogin:
    """What the identity provider says of a log-in that it vouches for."""

    second_factor: bool = False  # It has asked for one.
    confirmed_at: dt.datetime | None = None  # When it asked the person itself, although he was logged in there.
    id_token: str | None = None  # Names the log-in when it is to be ended there too.


def open_login(user: User, *, kind: LoginKind, now: dt.datetime, provider: ProviderLogin | None = None) -> Login:
    """Start a log-in with a fresh random id, in the company entered last or else in the first one there is."""
    said = provider or ProviderLogin()
    login = Login(
        sid=secrets.token_urlsafe(32),
        user_id=user.id,
        kind=kind,
        company_id=_first_company(user.id),
        created_at=now,
        last_seen_at=now,
        expires_at=now + _lifetime(kind),
        ip=(request.remote_addr or "")[:45],
        agent=request.user_agent.string[:_AGENT_LENGTH],
        method=LoginMethod.PROVIDER if provider else _usual_method(user.id),
        provider_second_factor=said.second_factor,
        confirmed_at=said.confirmed_at,
        id_token=said.id_token,
    )
    session.add(login)
    session.flush()
    return login


def id_token_of(sid: str) -> str | None:
    """Return the token with which the identity provider knows a log-in."""
    return session.scalar(sa.select(Login.id_token).where(Login.sid == sid))


def live_user(sid: str, user_id: int, *, now: dt.datetime) -> User | None:
    """Return the active user of a live log-in, in one statement; None once it expired or was revoked."""
    row = session.execute(_LIVE, {"sid": sid, "user_id": user_id, "now": now}).one_or_none()
    if row is None:
        return None
    user: User = row[0]
    g.live_login = LiveLogin(
        sid=sid,
        user_id=user_id,
        kind=row.kind,
        company_id=row.company_id,
        last_seen_at=row.last_seen_at,
        method=row.method,
        provider_second_factor=row.provider_second_factor,
        confirmed_at=row.login_confirmed_at,
        must_change=row.must_change is not False,
        password_changed_at=row.changed_at,
        has_second_factor=row.confirmed_at is not None,
        second_factor_since=row.second_factor_since,
        viewing=OpenViewing(row.viewing_id, row.viewed_id, row.viewed_until) if row.viewing_id is not None else None,
    )
    return user


def current_login() -> LiveLogin | None:
    """Return the log-in that carries this request."""
    if not has_request_context() or not current_user.is_authenticated:  # Asking for the user loads both.
        return None
    login: LiveLogin | None = g.get("live_login")
    return login


def live_logins(user_id: int, *, now: dt.datetime) -> Sequence[Login]:
    """Return where a user is logged in, seen last first."""
    return session.scalars(
        sa.select(Login)
        .where(Login.user_id == user_id, Login.revoked_at.is_(None), Login.expires_at > now)
        .order_by(Login.last_seen_at.desc(), Login.id.desc())
    ).all()


def choose_company(company_id: int) -> None:
    """Remember the company entered, for this log-in and the next."""
    login = current_login()
    if login is not None:
        session.execute(sa.update(Login).where(Login.sid == login.sid).values(company_id=company_id))


def revoke_login(sid: str, *, now: dt.datetime) -> None:
    """End a log-in: its cookie or tokens are worth nothing from now on."""
    session.execute(sa.update(Login).where(Login.sid == sid, Login.revoked_at.is_(None)).values(revoked_at=now))


def revoke_logins(user_id: int, *, now: dt.datetime, keep: str | None = None) -> None:
    """End all log-ins of a user, except the one whose id is `keep`."""
    session.execute(
        sa.update(Login)
        .where(Login.user_id == user_id, Login.revoked_at.is_(None), Login.sid != (keep or ""))
        .values(revoked_at=now)
    )


def delete_old_logins(now: dt.datetime) -> None:
    """Remove the log-ins, whatever company they were in, that ended so long ago that nobody comes back to them.

    Of all that ended, the identity provider's token goes at once: it names the person.
    """
    ended = sa.func.coalesce(Login.revoked_at, Login.expires_at)
    session.execute(sa.delete(Login).where(ended < now - KEPT))
    forget = sa.update(Login).where(ended < now, Login.id_token.is_not(None)).values(id_token=None)
    session.execute(forget, execution_options={"synchronize_session": False})


def note_seen(_error: BaseException | None = None) -> None:
    """Write when the log-in was seen, at most once a minute, once the request's own transaction is over."""
    login: LiveLogin | None = g.get("live_login")
    now = utc_now()
    if login is None or login.viewing is not None or now - login.last_seen_at < SEEN_EVERY:
        return
    with db.engine.begin() as connection:
        connection.execute(sa.update(Login).where(Login.sid == login.sid).values(last_seen_at=now))


def _usual_method(user_id: int) -> LoginMethod:
    mine = (ExternalIdentity.user_id == user_id, ExternalIdentity.issuer == DIRECTORY)
    in_directory = session.scalar(sa.select(ExternalIdentity.id).where(*mine)) is not None
    return LoginMethod.DIRECTORY if in_directory else LoginMethod.PASSWORD


def _first_company(user_id: int) -> int | None:
    entered_last = session.scalar(
        sa.select(Login.company_id)
        .where(Login.user_id == user_id, Login.company_id.is_not(None))
        .order_by(Login.id.desc())
        .limit(1)
    )
    open_to_him = [held.company_id for held in held_roles(user_id) if held.company_id is not None]
    return entered_last if entered_last in open_to_him else min(open_to_him, default=None)


def _lifetime(kind: LoginKind) -> dt.timedelta:
    if kind is LoginKind.TOKEN:
        lifetime: dt.timedelta = current_app.config["JWT_REFRESH_TOKEN_EXPIRES"]
        return lifetime
    return dt.timedelta(hours=current_app.config["SESSION_LIFETIME_HOURS"])
