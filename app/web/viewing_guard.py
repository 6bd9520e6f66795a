"""Whoever sees the screens as another user only reads: every write is refused here, for pages and REST alike."""

import datetime as dt

from flask import flash, g, redirect, request, url_for
from flask import session as cookie
from flask_appbuilder.security.sqla.models import User
from flask_login import login_user
from werkzeug.wrappers import Response

from app.companies.models import ViewingEnd
from app.database.columns import utc_now
from app.database.context import active_company, set_acting_user, set_viewer, viewer_id
from app.database.session import begin_writing, commit, rollback, session, set_active_company
from app.errors import NotAllowed
from app.i18n import _
from app.security.held_roles import is_member
from app.security.logins import LiveLogin, current_login
from app.security.roles import acting_user
from app.security.viewing import ENDING, end_viewing, may_go_on

READING = {"GET", "HEAD", "OPTIONS"}
# Credentials of the viewed user, and files made for his eyes alone: nobody else sees these.
CLOSED = ("AccountView.", "SecondFactorView.", "TokenApi.", "JobView.file", "JobApi.file")


def guard_viewing() -> Response | None:
    """Before each request, once the company is known: let a viewing read and do nothing else, and end it in time."""
    login, endpoint = current_login(), request.endpoint or ""
    if login is None or login.viewing is None or endpoint in ENDING or request.blueprint == "assets":
        return None
    if not _goes_on(login):
        return _end(login)
    if request.method not in READING:
        raise NotAllowed(
            "viewing.read_only",
            _("You see the screens as %(user)s: nothing can be changed. Leave this view first."),
            user=_name(acting_user()),
        )
    if endpoint.startswith(CLOSED):
        raise NotAllowed("viewing.closed", _("This page is for %(user)s alone."), user=_name(acting_user()))
    return None


def viewing() -> dict[str, str | dt.datetime] | None:
    """Return what the banner says: who is seen, by whom, and until when; None for one's own screens."""
    login = current_login()
    if viewer_id() is None or login is None or login.viewing is None:
        return None
    viewer = session.get_one(User, login.user_id)
    return {"viewed": _name(acting_user()), "viewer": _name(viewer), "until": login.viewing.until}


def _name(user: User) -> str:
    return str(user.get_full_name()).strip()


def forget_forms() -> None:
    """Void the forms of pages that are open: those of one user must not be sent as another."""
    cookie.pop("csrf_token", None)


def _goes_on(login: LiveLogin) -> bool:
    if viewer_id() is None or active_company() is None:  # Its time is over, or the viewed user is gone.
        return False
    return may_go_on(session.get_one(User, login.user_id), acting_user())


def _end(login: LiveLogin) -> Response:
    """Note that it is over, and show the viewer his own home page instead of what he asked for."""
    opened = login.viewing
    rollback()
    begin_writing()
    set_active_company(login.company_id)
    _be_himself(login)
    now = utc_now()
    if opened is not None:
        how = ViewingEnd.TIMED_OUT if opened.until <= now else ViewingEnd.WITHDRAWN
        end_viewing(opened.id, how=how, now=now)
    commit()
    forget_forms()
    if login.company_id is not None and not is_member(login.user_id, login.company_id):
        set_active_company(None)
    if request.method not in READING or request.path.startswith("/api/"):
        raise NotAllowed("viewing.over", _("The view of another user's screens is over."))
    flash(str(_("The view of another user's screens is over.")), "info")
    return redirect(url_for("HomeView.index"))


def _be_himself(login: LiveLogin) -> None:
    """Go on with this request as the owner of the log-in."""
    g.user = session.get_one(User, login.user_id)
    login_user(g.user)
    set_acting_user(login.user_id)
    set_viewer(None)
