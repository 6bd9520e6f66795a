"""Whoever handles money or rights sets up a second factor within the days that his company gives him."""

import datetime as dt
from functools import partial

import sqlalchemy as sa
from flask import current_app, flash, redirect, request, url_for
from flask import session as cookie
from flask_appbuilder.security.sqla.models import User
from flask_login import current_user
from werkzeug.wrappers import Response

from app.companies.clock import local_today
from app.companies.opening import get_company
from app.database.afterwards import afterwards
from app.database.columns import utc_now
from app.database.context import active_company
from app.database.session import db
from app.errors import NotAllowed
from app.extensions import appbuilder
from app.i18n import _
from app.parameters.platform_values import OFF, RIGHTS, SECOND_FACTOR, SECOND_FACTOR_GRACE_DAYS
from app.security.held_roles import held_roles
from app.security.logins import SEEN_EVERY, LiveLogin, current_login
from app.security.models import Account
from app.security.permissions import permission_cache
from app.security.roles import acting_user

# What may be done without: setting it up, the own account, going elsewhere.
_STILL_OPEN = (
    "SecondFactorView.",
    "AccountView.",
    "LoginView.",
    "ProviderView.",
    "LocaleView.",
    "CompanyView.",
    "TokenApi.",
    "assets.",
)
# Whoever may do one of these gives rights or decides policy.
_GIVES_RIGHTS = frozenset(
    {
        ("can_admit", "companies.Members"),
        ("can_edit", "companies.Roles"),
        ("can_set", "parameters.Values"),
        ("can_add", "UserView"),
        ("can_edit", "UserView"),
    }
)


def guard_second_factor() -> Response | None:
    """Before each request, once the company is known: remind during the grace, afterwards let nothing else be done."""
    endpoint = request.endpoint or ""
    if endpoint.endswith("static") or endpoint.startswith(_STILL_OPEN) or not current_user.is_authenticated:
        return None
    login, now = current_login(), utc_now()
    if login is None or login.viewing is not None or login.has_second_factor or login.provider_second_factor:
        return None
    if not _is_wanted(login, now):
        return None
    if login.second_factor_since is None:
        afterwards(partial(_note_wanted, login.user_id, now))
    until = (login.second_factor_since or now) + dt.timedelta(days=SECOND_FACTOR_GRACE_DAYS.value(_today(now)))
    if now < until:
        _remind(until)
        return None
    if request.path.startswith("/api/"):
        raise NotAllowed("security.second_factor", _("Set up your second factor first, on the page of your account."))
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("SecondFactorView.index", next=wanted))


def handles_rights(user: User) -> bool:
    """Tell whether a role held here gives rights, decides policy values or is declared to handle money."""
    if not _GIVES_RIGHTS.isdisjoint(appbuilder().sm.granted(user)):
        return True
    names, company_id = permission_cache().get().names, active_company()
    setups = [*current_app.extensions["setups"], *current_app.extensions["rooms"]]
    sensitive = {names.get(role.name) for setup in setups for role in setup.roles if role.sensitive}
    return any(held.role_id in sensitive and held.company_id == company_id for held in held_roles(user.id))


def _is_wanted(login: LiveLogin, now: dt.datetime) -> bool:
    """Tell whether the policy of the active company, or the default outside of one, wants a second factor.

    Of those without such a role only "all" wants it: they are looked at once a minute, so that their pages ask the
    database nothing more.
    """
    is_sensitive = handles_rights(acting_user())
    if not is_sensitive and login.second_factor_since is None and now - login.last_seen_at < SEEN_EVERY:
        return False
    policy = RIGHTS if active_company() is None else SECOND_FACTOR.value(_today(now))
    return policy != OFF and (is_sensitive or policy != RIGHTS)


def _today(now: dt.datetime) -> dt.date:
    company_id = active_company()
    return now.date() if company_id is None else local_today(get_company(company_id), now)


def _remind(until: dt.datetime) -> None:
    """Say it once per log-in, on a page."""
    if request.method == "GET" and not request.path.startswith("/api/") and "second_factor_told" not in cookie:
        cookie["second_factor_told"] = True
        text = _("Set up a second factor for your log-in by %(day)s: account menu, Profile.")
        flash(str(text) % {"day": until.date().isoformat()}, "info")


def _note_wanted(user_id: int, now: dt.datetime) -> None:
    first = sa.and_(Account.user_id == user_id, Account.second_factor_since.is_(None))
    with db.engine.begin() as connection:
        connection.execute(sa.update(Account).where(first).values(second_factor_since=now))
