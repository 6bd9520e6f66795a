"""The page behind the link of an invitation: a stranger chooses his first password."""

from typing import Any

from flask import flash, make_response, redirect, url_for
from flask_appbuilder.baseviews import BaseView, expose
from flask_appbuilder.fieldwidgets import BS3PasswordFieldWidget
from flask_appbuilder.forms import DynamicForm
from flask_appbuilder.security.decorators import no_cache
from wtforms import PasswordField
from wtforms.validators import DataRequired, EqualTo

from app.database.columns import utc_now
from app.errors import ValidationError
from app.i18n import _
from app.security.invitations import accept, find_invitation


class FirstPasswordForm(DynamicForm):
    """The new password, twice."""

    new = PasswordField(_("New password"), validators=[DataRequired()], widget=BS3PasswordFieldWidget())
    repeated = PasswordField(
        _("New password again"),
        widget=BS3PasswordFieldWidget(),
        validators=[DataRequired(), EqualTo("new", message=_("The two new passwords differ."))],
    )


class InvitationView(BaseView):
    """Open to strangers: what opens it is the link."""

    route_base = "/invitation"
    default_view = "open"
    base_permissions: list[str] = []

    @expose("/<token>", methods=["GET", "POST"])
    @no_cache
    def open(self, token: str) -> Any:
        """Show the form; or set the password, and lead to the log-in. Looking at the page uses nothing up."""
        invitation = find_invitation(token, now=utc_now())
        form = FirstPasswordForm()
        if form.validate_on_submit() and self._accept(token, form):
            flash(str(_("Your password is set. Log in with it now.")), "success")
            return redirect(url_for("LoginView.login"))
        page = self.render_template(
            "security/invitation.html", title=_("Welcome"), form=form, user=invitation.user, company=invitation.company
        )
        return make_response(page, 422 if form.errors else 200)

    def _accept(self, token: str, form: FirstPasswordForm) -> bool:
        try:
            accept(token, form.new.data, now=utc_now())
        except ValidationError as error:
            form.new.errors = [*form.new.errors, str(error)]
            return False
        return True
