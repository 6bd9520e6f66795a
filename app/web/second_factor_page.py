"""A user's own second factor: turn it on, get recovery codes, turn it off."""

from typing import Any

from flask import flash, make_response, redirect, url_for
from flask_appbuilder.baseviews import BaseView, expose
from flask_appbuilder.fieldwidgets import BS3PasswordFieldWidget
from flask_appbuilder.forms import DynamicForm
from flask_appbuilder.security.sqla.models import User
from flask_login import login_required
from wtforms import PasswordField, StringField
from wtforms.validators import DataRequired, Length

from app.audit import record_security_event
from app.database.columns import utc_now
from app.errors import ValidationError
from app.i18n import _
from app.security.directory import DirectoryDown
from app.security.owner import has_confirmed, has_password, require_owner
from app.security.roles import acting_user
from app.security.second_factor import (
    address_of,
    confirm_second_factor,
    has_second_factor,
    propose_second_factor,
    qr_code,
    remove_second_factor,
    renew_recovery_codes,
    unused_recovery_codes,
    waiting_second_factor,
)


class PresentPasswordForm(DynamicForm):
    """Shows that it is the owner who sits there, not somebody who found the browser open."""

    password = PasswordField(_("Present password"), validators=[DataRequired()], widget=BS3PasswordFieldWidget())


class ConfirmedForm(DynamicForm):
    """For whoever has no password but the company account's: the identity provider has just asked him for it."""


class FirstCodeForm(DynamicForm):
    """The code that the app shows for the new key."""

    code = StringField(_("Verification code"), validators=[DataRequired(), Length(max=20)])


class SecondFactorView(BaseView):
    """The second factor of whoever is logged in (S:CORE-03)."""

    route_base = "/account/second-factor"
    default_view = "index"

    @expose("/")
    @login_required
    def index(self) -> Any:
        """Show whether it is on, or the key that waits for its first code."""
        user = acting_user()
        return self._show(user, FirstCodeForm() if waiting_second_factor(user.id) else _owner_form(user))

    @expose("/begin", methods=["POST"])
    @login_required
    def begin(self) -> Any:
        """Propose a key."""
        return self._with_password(propose_second_factor)

    @expose("/confirm", methods=["POST"])
    @login_required
    def confirm(self) -> Any:
        """Turn it on, and show the recovery codes once."""
        user, form = acting_user(), FirstCodeForm()
        if not form.validate_on_submit() and waiting_second_factor(user.id):
            return self._show(user, form)
        try:
            codes = confirm_second_factor(user, form.code.data or "", now=utc_now())
        except ValidationError as error:
            form.code.errors = [*form.code.errors, str(error)]
            return self._show(user, form)
        record_security_event("second_factor.on", user_id=user.id)
        return self._show_codes(codes)

    @expose("/codes", methods=["POST"])
    @login_required
    def codes(self) -> Any:
        """Show fresh recovery codes; the former ones are worth nothing from now on."""
        user = acting_user()
        form = _owner_form(user)
        if not _is_owner(user, form):
            return self._show(user, form)
        if not has_second_factor(user.id):
            return redirect(url_for("SecondFactorView.index"))
        record_security_event("second_factor.codes", user_id=user.id)
        return self._show_codes(renew_recovery_codes(user))

    @expose("/off", methods=["POST"])
    @login_required
    def off(self) -> Any:
        """Turn it off; where one is wanted, a new one must follow at once."""
        return self._with_password(_turn_off)

    def _with_password(self, change: Any) -> Any:
        user = acting_user()
        form = _owner_form(user)
        if not _is_owner(user, form):
            return self._show(user, form)
        change(user)
        return redirect(url_for("SecondFactorView.index"))

    def _show(self, user: User, form: DynamicForm) -> Any:
        waiting = waiting_second_factor(user.id) if isinstance(form, FirstCodeForm) else None
        page = self.render_template(
            "security/second_factor.html",
            title=_("Second factor"),
            form=form,
            is_on=has_second_factor(user.id),
            codes_left=unused_recovery_codes(user.id),
            secret=waiting.secret if waiting else "",
            must_confirm=isinstance(form, ConfirmedForm) and not has_confirmed(now=utc_now()),
            qr=qr_code(address_of(waiting, user)) if waiting else "",
        )
        return make_response(page, 422 if form.errors else 200)

    def _show_codes(self, codes: list[str]) -> Any:
        return self.render_template("security/recovery_codes.html", title=_("Recovery codes"), codes=codes)


def _turn_off(user: User) -> None:
    remove_second_factor(user.id)
    record_security_event("second_factor.off", user_id=user.id)
    flash(str(_("The second factor is off.")), "success")


def _owner_form(user: User) -> DynamicForm:
    """Return the form by which a user shows that it is he."""
    return PresentPasswordForm() if has_password(user) else ConfirmedForm()


def _is_owner(user: User, form: DynamicForm) -> bool:
    """Tell whether it is the owner. Guesses count as at log-in; raises NotAllowed while locked."""
    if not form.validate_on_submit():
        return False
    if isinstance(form, ConfirmedForm):
        return has_confirmed(now=utc_now())
    try:
        require_owner(user, form.password.data, now=utc_now())
    except (ValidationError, DirectoryDown) as error:
        form.password.errors = [*form.password.errors, str(error)]
        return False
    return True
