"""The announcements that a user sees. Everybody has this page."""

import datetime as dt
from typing import Any

from flask import abort
from flask_appbuilder import BaseView, expose
from flask_login import login_required

from app.announcements.board import list_announcements, read_announcement
from app.announcements.models import Announcement
from app.companies.clock import local_today
from app.companies.opening import get_company
from app.crud.records import call_service
from app.database.columns import utc_now
from app.database.context import active_company
from app.database.session import commit
from app.i18n import _
from app.security.roles import acting_user


class BoardView(BaseView):
    """What the company tells the user."""

    route_base = "/board"
    default_view = "list"

    @expose("/")
    @login_required
    def list(self) -> Any:
        """Show what is published and addressed to the user."""
        rows = list_announcements(acting_user(), on=_today())
        return self.render_template("announcements/board.html", title=_("Announcements"), rows=rows)

    @expose("/<int:announcement_id>")
    @login_required
    def show(self, announcement_id: int) -> Any:
        """Show one, and note that it was read."""
        found = call_service(read_announcement, announcement_id, reader=acting_user(), on=_today(), now=utc_now())
        page = self.render_template("announcements/announcement.html", title=found.title, announcement=found)
        commit()  # The edge keeps what a POST does; reading is a GET.
        return page


def unread_announcements() -> "list[Announcement]":
    """Return what the user has not read yet, for the home page."""
    if active_company() is None:
        return []
    return [one for one, is_read in list_announcements(acting_user(), on=_today()) if not is_read]


def _today() -> dt.date:
    return local_today(get_company(active_company() or abort(404)), utc_now())
