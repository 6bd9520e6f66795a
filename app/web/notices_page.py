"""The user's notices: the bell, the page, and where he wants to be told."""

from typing import Any

from flask import current_app, flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_login import login_required
from werkzeug.wrappers import Response

from app.database.columns import utc_now
from app.errors import AppError
from app.i18n import _
from app.notices.letters import is_mail_on
from app.notices.models import Channel
from app.notices.preferences import list_preferences, set_preferences
from app.notices.reading import PAGE, list_notices, mark_all_read, mark_read, tell
from app.security.roles import acting_user
from app.web.badges import badges

CHANNELS = (
    (Channel.IN_APP, _("In the application")),
    (Channel.EMAIL, _("By e-mail")),
    (Channel.BOTH, _("Both")),
    (Channel.NONE, _("Not at all")),
)


class NoticesView(BaseView):
    """What the user was told. Everybody has this page, and sees nobody else's."""

    route_base = "/notices"
    default_view = "list"

    @expose("/")
    @login_required
    def list(self) -> Any:
        """Show the latest notices, or those before one of them."""
        actor = acting_user()
        notices = list_notices(actor, before=request.args.get("before", type=int))
        return self.render_template(
            "notices/list.html",
            title=_("Notices"),
            notices=tell(notices, reader=actor),
            unread=badges()["bell"]["count"],
            older=url_for("NoticesView.list", before=notices[-1].id) if len(notices) == PAGE else None,
        )

    @expose("/<int:notice_id>/open", methods=["POST"])
    @login_required
    def open(self, notice_id: int) -> Response:
        """Mark one notice as read, and go to its record if the user may see it."""
        actor = acting_user()
        (told,) = tell([mark_read(notice_id, actor=actor, now=utc_now())], reader=actor)
        view = current_app.extensions["crud_views"].get(told.resource) if told.may_open else None
        address = url_for(f"{view.endpoint}.show", pk=told.record_id) if view else url_for("NoticesView.list")
        return redirect(address)

    @expose("/read", methods=["POST"])
    @login_required
    def read_all(self) -> Response:
        """Mark everything as read."""
        mark_all_read(actor=acting_user(), now=utc_now())
        return redirect(url_for("NoticesView.list"))

    @expose("/preferences", methods=["GET", "POST"])
    @login_required
    def preferences(self) -> Any:
        """Show or change which notices the user wants, and where."""
        actor = acting_user()
        if request.method == "POST":
            channels = {name: value for name, value in request.form.items() if "." in name}
            try:
                set_preferences(channels, actor=actor)
            except AppError as error:
                flash(str(error), "danger")
            else:
                flash(str(_("Saved.")), "success")
            return redirect(url_for("NoticesView.preferences"))
        return self.render_template(
            "notices/preferences.html",
            title=_("Which notices I receive"),
            kinds=list_preferences(actor),
            channels=CHANNELS,
            address=actor.email,
            mail_on=is_mail_on(),
        )
