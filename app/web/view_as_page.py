"""Seeing the screens as another user sees them: how it begins and how it is left (S:CORE-05)."""

from typing import Any

from flask import flash, redirect, url_for
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.sqla.models import User
from flask_login import login_required
from werkzeug.wrappers import Response

from app.companies.clock import local_today
from app.companies.memberships import member_named
from app.companies.models import ViewingEnd
from app.companies.models.viewing import LONGEST_REASON
from app.companies.opening import get_company
from app.crud.page import Page
from app.crud.records import call_service
from app.database.columns import utc_now
from app.database.context import active_company
from app.errors import ValidationError
from app.i18n import _
from app.notices import NoticeKind, notify
from app.parameters.platform_values import VIEWING_MINUTES
from app.security.logins import current_login
from app.security.viewing import RESOURCE, VERB, begin_viewing, end_viewing
from app.web.viewing_guard import forget_forms

VIEWED = NoticeKind("companies.viewed", _("An administrator sees the screens as I do"), icon="eye")


class ViewAsPage(Page):
    """Asks whom and why; then everything is shown as this user sees it, and nothing can be changed."""

    resource = RESOURCE
    title = _("View as another user")
    template = "companies/view_as.html"
    kept = ("username", "reason")

    @staticmethod
    def context(*, actor: User, arguments: dict[str, str]) -> dict[str, Any]:
        """Return what was typed already, and how long it lasts."""
        return {
            "username": arguments.get("username", "")[:64],
            "reason": arguments.get("reason", "")[:LONGEST_REASON],
            "longest": LONGEST_REASON,
            "minutes": _minutes(),
        }

    @expose("/<name>", methods=["POST"])
    @has_access
    def act(self, name: str) -> Any:
        """Begin, and show the home page of the other user; or say what is wrong, with what was typed."""
        if not self._run(name):
            return self._shown_again(refused=True)
        forget_forms()
        return redirect(url_for("HomeView.index"))


class ViewingEndView(BaseView):
    """The way out. Everybody has it: whoever is seen need not hold the right to look."""

    route_base = "/viewing"
    default_view = "end"

    @expose("/end", methods=["POST"])
    @login_required
    def end(self) -> Response:
        """Show the own screens again."""
        login = current_login()
        if login is not None and login.viewing is not None:
            call_service(end_viewing, login.viewing.id, how=ViewingEnd.LEFT, now=utc_now())
            forget_forms()
            flash(str(_("You see your own screens again.")), "info")
        return redirect(url_for("HomeView.index"))


def begin(*, actor: User, values: dict[str, str]) -> None:
    """Begin, and tell the user whose screens are seen."""
    viewed = member_named(values.get("username", ""))
    if viewed is None:
        raise ValidationError("viewing.user", _("Choose another active user of this company."), field="username")
    now = utc_now()
    viewing = begin_viewing(viewed, reason=values.get("reason", ""), minutes=_minutes(), actor=actor, now=now)
    notify(
        [viewed.id],
        kind=VIEWED,
        text=_("%(who)s sees the screens as you see them, and can change nothing. Reason: %(reason)s"),
        now=now,
        values={"who": actor.get_full_name().strip(), "reason": viewing.reason},
    )


def _minutes() -> int:
    company_id = active_company()
    now = utc_now()
    return VIEWING_MINUTES.value(local_today(get_company(company_id), now) if company_id is not None else now.date())


ViewAsPage.actions = {VERB: (VERB, begin)}
