"""The user's notices: the bell, the page, where links in mail and chat lead, and where he wants to be told."""

from typing import Any

from flask import abort, current_app, flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.sqla.models import User
from flask_login import current_user, login_required
from werkzeug.wrappers import Response

from app.companies.memberships import is_member
from app.companies.models import Company
from app.database.columns import utc_now
from app.database.context import active_company
from app.database.session import session
from app.errors import AppError
from app.i18n import _
from app.notices.chat import chat_carrier
from app.notices.letters import is_mail_on
from app.notices.models import Channel, ChatService, Notice, NoticeReader
from app.notices.preferences import list_preferences, set_preferences
from app.notices.readers import LONGEST_MENTION, reader_of, set_reader
from app.notices.reading import PAGE, find_notice, list_notices, mark_all_read, mark_read, tell
from app.security.logins import choose_company
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
        return redirect(_place_of(mark_read(notice_id, actor=acting_user(), now=utc_now())))

    @expose("/<int:company_id>/<int:notice_id>", methods=["GET", "POST"])
    @login_required
    def follow(self, company_id: int, notice_id: int) -> Any:
        """Go where a link in mail or chat leads; into another company of the user's only once he says so."""
        if not is_member(current_user.id, company_id):
            abort(404)
        if request.method == "POST":
            choose_company(company_id)
            return redirect(url_for("NoticesView.follow", company_id=company_id, notice_id=notice_id))
        if company_id != active_company():
            company = session.get_one(Company, company_id)
            return self.render_template("notices/elsewhere.html", title=_("Another company's notice"), company=company)
        return redirect(_place_of(find_notice(notice_id, actor=acting_user())))

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
        refusal = None
        if request.method == "POST":
            try:
                _save_preferences(actor)
            except AppError as error:
                refusal = error
            else:
                flash(str(_("Saved.")), "success")
                return redirect(url_for("NoticesView.preferences"))
        chosen = reader_of(actor.id)
        page = self.render_template(
            "notices/preferences.html",
            title=_("Which notices I receive"),
            kinds=list_preferences(actor),
            channels=CHANNELS,
            address=actor.email,
            mail_on=is_mail_on(),
            chat_on=chat_carrier() is not None,
            services=ChatService,
            languages=current_app.config["LANGUAGES"],
            typed=request.form if refusal else _shown(chosen),
            longest_mention=LONGEST_MENTION,
            refusal=refusal,
        )
        return page, 422 if refusal else 200


def _save_preferences(actor: User) -> None:
    """Write all choices of the form, or none. Raises ValidationError."""
    form = request.form
    if "language" in form:
        service, mention = form.get("service", ""), form.get("mention", "")
        set_reader(actor=actor, locale=form["language"], service=service, mention=mention)
    chatted = form.getlist("chat") if "chat_shown" in form else None
    set_preferences({name: value for name, value in form.items() if "." in name}, actor=actor, chatted=chatted)


def _shown(chosen: NoticeReader | None) -> dict[str, str]:
    if chosen is None:
        return {}
    return {"language": chosen.locale or "", "service": chosen.service or "", "mention": chosen.mention or ""}


def _place_of(notice: Notice) -> str:
    """Return the address of what a notice is about, if its reader may see it; else that of his notices, and say so."""
    (told,) = tell([notice], reader=acting_user())
    view = current_app.extensions["crud_views"].get(told.resource)
    if view is not None and (told.may_open or view.moved_on(told.record_id, acting_user()) is not None):
        return url_for(f"{view.endpoint}.show", pk=told.record_id)
    if told.resource is not None:
        flash(str(_("What this notice is about is not open to you any more.")), "info")
    return url_for("NoticesView.list")
