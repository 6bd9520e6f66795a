"""Seeing the screens as another user sees them: to whom that is open, how it begins and how it ends (S:CORE-05).

It hangs on one log-in in the browser, in one company, and ends by itself. The edge keeps it from writing, see
app/web/viewing_guard.py.
"""

import datetime as dt

import sqlalchemy as sa
from flask import request
from flask_appbuilder.security.sqla.models import User

from app.companies.clock import active_zone
from app.companies.models import Employee, Membership, Viewing, ViewingEnd
from app.companies.models.viewing import LONGEST_REASON
from app.database.context import active_company, viewer_id
from app.database.session import session
from app.errors import Conflict, NotAllowed, ValidationError
from app.extensions import appbuilder
from app.i18n import _
from app.security.audit import record, record_denial
from app.security.delegation import people_of
from app.security.logins import LiveLogin, current_login
from app.security.models import Login, LoginKind
from app.security.permissions import EVERY_MEMBER, Pair
from app.security.rights import MENU
from app.security.roles import may
from app.security.scope import units_reached

RESOURCE, VERB = "companies.ViewAs", "begin"
SHORTEST_REASON = 5
# These requests are the viewer's own doing, and may write.
ENDING = ("ViewingEndView.end", "LoginView.logout")


def begin_viewing(viewed: User, *, reason: str, minutes: int, actor: User, now: dt.datetime) -> Viewing:
    """Let the actor's log-in see the active company as this user does, read only, for so many minutes.

    Raises ValidationError without a reason, NotAllowed for somebody with more rights or of another region, and
    Conflict for a log-in that cannot.
    """
    login, reason = current_login(), " ".join(reason.split())
    if login is None or login.kind is not LoginKind.SESSION or login.viewing is not None:
        raise Conflict("viewing.session", _("This begins in a browser, one user at a time."))
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise ValidationError(
            "viewing.reason",
            _("Give a reason of %(limit)s to %(most)s characters."),
            field="reason",
            limit=SHORTEST_REASON,
            most=LONGEST_REASON,
        )
    require_viewable(actor, viewed, on=now.astimezone(active_zone()).date())
    viewing = Viewing(
        viewer_id=actor.id, viewed_id=viewed.id, reason=reason, began_at=now, until=now + dt.timedelta(minutes=minutes)
    )
    session.add(viewing)
    session.flush()
    _bind(login.sid, viewing_id=viewing.id, viewed_id=viewed.id, viewed_until=viewing.until)
    record("viewing.begun", user_id=actor.id, viewed=viewed.username, reason=reason, minutes=minutes)
    return viewing


def end_viewing(viewing_id: int, *, how: ViewingEnd, now: dt.datetime) -> None:
    """Note the end of a viewing of the active company, and let its log-in be its user's own again."""
    viewing = session.get(Viewing, viewing_id)
    session.execute(
        sa.update(Login)
        .where(Login.viewing_id == viewing_id, Login.company_id == active_company())
        .values(viewing_id=None, viewed_id=None, viewed_until=None)
    )
    if viewing is None or viewing.ended_at is not None:
        return
    viewing.ended_at, viewing.ended_by = min(now, viewing.until), how
    session.flush()
    record("viewing.ended", user_id=viewing.viewer_id, viewed=viewing.viewed.username, how=how.value)


def end_old_viewings(now: dt.datetime) -> None:
    """Note the end of those whose time is over while nobody looked any more."""
    for viewing_id in session.scalars(sa.select(Viewing.id).where(Viewing.ended_at.is_(None), Viewing.until <= now)):
        end_viewing(viewing_id, how=ViewingEnd.TIMED_OUT, now=now)


def seen_user(login: LiveLogin, *, now: dt.datetime) -> User | None:
    """Return the user whose screens this request shows; None for the owner of the log-in."""
    viewing = login.viewing
    if viewing is None or viewing.viewed_id is None or viewing.until <= now or request.endpoint in ENDING:
        return None
    return session.scalar(sa.select(User).where(User.id == viewing.viewed_id, User.active.is_(True)))


def eyes(actor: User) -> tuple[User, ...]:
    """Return the actor, and who looks at his screens: personal data is shown as the less of both sees it."""
    viewer = viewer_id()
    return (actor,) if viewer is None or viewer == actor.id else (actor, session.get_one(User, viewer))


def require_viewable(actor: User, viewed: User, *, on: dt.date) -> None:
    """Raise NotAllowed for a user of another region, or with a right or a reach that the actor lacks; recorded."""
    if viewed.id == actor.id or not _is_member(viewed):
        raise ValidationError("viewing.user", _("Choose another active user of this company."), field="username")
    units = units_reached(actor, verb=VERB, resource=RESOURCE)
    if units is not None and not _works_in(viewed, units, on):
        raise _refused(actor, viewed, "viewing.region", _("%(user)s does not work in the units that you administer."))
    if beyond(actor, viewed) or _reaches_further(actor, viewed, on):
        raise _refused(
            actor,
            viewed,
            "viewing.rights",
            _("%(user)s may do, or sees, more than you: you cannot look at his screens."),
        )


def beyond(actor: User, viewed: User) -> set[Pair]:
    """Return the rights that the viewed user has here and the actor has not."""
    manager = appbuilder().sm
    return {pair for pair in manager.granted(viewed) - manager.granted(actor) if pair[0] != MENU}


def may_go_on(viewer: User, viewed: User) -> bool:
    """Tell whether a viewing that has begun is still allowed."""
    return may(viewer, VERB, RESOURCE) and not beyond(viewer, viewed)


def _reaches_further(actor: User, viewed: User, on: dt.date) -> bool:
    """Tell whether a right reaches records of the viewed user's that it does not reach of the actor's."""
    for permission, resource in appbuilder().sm.granted(viewed) - EVERY_MEMBER:  # Of that each sees what is his.
        if permission == MENU or "." not in resource:
            continue
        verb = permission.removeprefix("can_")
        mine = units_reached(actor, verb=verb, resource=resource)
        if mine is None:
            continue
        theirs = units_reached(viewed, verb=verb, resource=resource)
        if theirs is None or not theirs <= mine or not _works_in(viewed, mine, on):
            return True
    return False


def _works_in(user: User, units: frozenset[int], on: dt.date) -> bool:
    return session.scalar(people_of(units, on=on).where(Employee.user_id == user.id).limit(1)) is not None


def _is_member(user: User) -> bool:
    held = sa.select(Membership.id).where(Membership.company_id == active_company(), Membership.user_id == user.id)
    return bool(user.is_active) and session.scalar(held.limit(1)) is not None


def _refused(actor: User, viewed: User, code: str, text: str) -> NotAllowed:
    record_denial(actor.id, verb=VERB, resource=RESOURCE, viewed=viewed.username)
    return NotAllowed(code, text, user=viewed.get_full_name().strip())


def _bind(sid: str, **values: object) -> None:
    session.execute(sa.update(Login).where(Login.sid == sid).values(**values))
