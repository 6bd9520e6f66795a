"""A user's own account: password and log-ins, and the guard that sends him there when the password is due."""

from typing import Any

from flask import abort, flash, make_response, redirect, request, url_for
from flask_appbuilder.baseviews import BaseView, expose
from flask_appbuilder.fieldwidgets import BS3PasswordFieldWidget
from flask_appbuilder.forms import DynamicForm
from flask_appbuilder.security.sqla.models import User
from flask_appbuilder.security.views import ResetPasswordView as FabResetPasswordView
from flask_login import current_user, login_required
from werkzeug.wrappers import Response
from wtforms import PasswordField
from wtforms.validators import DataRequired, EqualTo

from app.database.columns import utc_now
from app.database.session import session
from app.errors import NotAllowed, ValidationError
from app.i18n import _
from app.security.audit import record
from app.security.login_view import next_path
from app.security.logins import current_login, live_logins, revoke_logins
from app.security.owner import change_own_password
from app.security.passwords import is_due, is_kept_here, set_password
from app.security.roles import acting_user

# What a user who must change the password may still reach.
_STILL_OPEN = ("AccountView.", "LoginView.logout", "LocaleView.", "TokenApi.")


class PasswordForm(DynamicForm):
    """The present password once, the new one twice."""

    current = PasswordField(_("Present password"), validators=[DataRequired()], widget=BS3PasswordFieldWidget())
    new = PasswordField(_("New password"), validators=[DataRequired()], widget=BS3PasswordFieldWidget())
    repeated = PasswordField(
        _("New password again"),
        widget=BS3PasswordFieldWidget(),
        validators=[DataRequired(), EqualTo("new", message=_("The two new passwords differ."))],
    )


class AccountView(BaseView):
    """Everybody's own account (S:CORE-02, S:CORE-03)."""

    route_base = "/account"
    default_view = "index"

    @expose("/")
    @login_required
    def index(self) -> Any:
        """Show where the user is logged in."""
        user, present = acting_user(), current_login()
        return self.render_template(
            "security/account.html",
            title=_("My account"),
            user=user,
            has_password=is_kept_here(user),
            logins=live_logins(user.id, now=utc_now()),
            present=present.sid if present else "",
        )

    @expose("/logins/end", methods=["POST"])
    @login_required
    def end_others(self) -> Response:
        """End every other log-in of the user."""
        user, present = acting_user(), current_login()
        revoke_logins(user.id, now=utc_now(), keep=present.sid if present else None)
        record("logins.ended", user_id=user.id)
        flash(str(_("You are logged out everywhere else.")), "success")
        return redirect(url_for("AccountView.index"))

    @expose("/password", methods=["GET", "POST"])
    @login_required
    def password(self) -> Any:
        """Show the form, or change the password and go on."""
        if not is_kept_here(acting_user()):
            flash(str(_("Your password belongs to your company account; it is changed there.")), "info")
            return redirect(url_for("AccountView.index"))
        form = PasswordForm()
        if form.validate_on_submit() and self._change(form):
            flash(str(_("Your password is changed.")), "success")
            return redirect(next_path())
        login = current_login()
        page = self.render_template(
            "security/change_password.html",
            form=form,
            title=_("Change password"),
            forced=login is not None and is_due(login, now=utc_now()),
        )
        return make_response(page, 422 if form.errors else 200)

    def _change(self, form: PasswordForm) -> bool:
        user = acting_user()
        try:
            change_own_password(user, current=form.current.data, new=form.new.data, now=utc_now())
        except (ValidationError, NotAllowed) as error:
            field = form[error.field or "current"]
            field.errors = [*field.errors, str(error)]
            return False
        record("password.changed", user_id=user.id)
        return True


class ResetPasswordView(FabResetPasswordView):
    """The platform administrator gives a user a new password, which the user must change at once."""

    def form_post(self, form: DynamicForm) -> Any:
        """Set the password, or show the form again with what is wrong."""
        user = session.get(User, request.args.get("pk", type=int) or 0)
        if user is None:
            abort(404)
        try:
            set_password(user, form.password.data, must_change=True)
        except ValidationError as error:
            form.password.errors = [*form.password.errors, str(error)]
            widgets = self._get_edit_widget(form=form)
            return self.render_template(
                self.form_template, title=self.form_title, widgets=widgets, appbuilder=self.appbuilder
            )
        record("password.reset", user_id=user.id)
        flash(str(self.message), "info")
        return None


class OwnPasswordLink(BaseView):
    """FAB's address for the own password: it leads to ours."""

    route_base = "/resetmypassword"
    default_view = "this_form_get"

    @expose("/form", methods=["GET"])
    def this_form_get(self) -> Response:
        """Go to the page that asks for the present password too."""
        return redirect(url_for("AccountView.password"))


def guard_due_password() -> Response | None:
    """Let nobody work with a password that must be changed first. Before each request."""
    endpoint = request.endpoint or ""
    if endpoint.endswith("static") or endpoint.startswith(_STILL_OPEN) or not current_user.is_authenticated:
        return None
    login = current_login()
    if login is None:  # An identity without a log-in of ours.
        abort(401)
    if not is_due(login, now=utc_now()):
        return None
    if request.path.startswith("/api/"):
        raise NotAllowed("security.password_change", _("Change your password first."))
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("AccountView.password", next=wanted))
