"""The log-in page; the log-out is a POST."""

import datetime as dt
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import flash, make_response, redirect, request, url_for
from flask import session as cookie
from flask_appbuilder.baseviews import expose
from flask_appbuilder.forms import DynamicForm
from flask_appbuilder.security.decorators import no_cache
from flask_appbuilder.security.forms import LoginForm_db
from flask_appbuilder.security.sqla.models import User
from flask_appbuilder.security.views import AuthDBView
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from app.companies.models import ViewingEnd
from app.database.columns import utc_now
from app.database.session import session
from app.extensions import appbuilder
from app.i18n import _
from app.security.audit import record
from app.security.logins import current_login, open_login, revoke_login
from app.security.models import Account, LoginKind
from app.security.second_factor import has_second_factor
from app.security.viewing import end_viewing

HALF_FOR = dt.timedelta(minutes=5)


class CodeForm(DynamicForm):
    """The six digits of the app, or a recovery code."""

    code = StringField(_("Verification code"), validators=[DataRequired(), Length(max=40)])


class LoginView(AuthDBView):
    """Log in and out. A wrong name, a wrong password and a locked account look the same."""

    invalid_login_message = _("The user name or the password is wrong, or the account is locked.")

    @expose("/login/", methods=["GET", "POST"])
    @no_cache
    def login(self) -> Any:
        """Show the page, or log in and go on to where the visitor wanted to go."""
        if current_user.is_authenticated:
            return redirect(next_path())
        form = LoginForm_db()
        if not form.validate_on_submit():
            if request.method == "GET" and "next" in request.args:
                cookie.pop("_flashes", None)  # FAB tells a stranger that access is denied.
                flash(str(_("Please log in first.")), "info")
            return self._show(form, 200)
        manager = self.appbuilder.sm
        user = manager.user_with_password(form.username.data, form.password.data)
        if user is None:
            flash(str(self.invalid_login_message), "warning")
            return self._show(form, 401)
        if has_second_factor(user.id):
            remember_half(user, now=utc_now())
            return redirect(url_for(f"{self.endpoint}.code", next=request.args.get("next")))
        begin_session(manager.logged_in(user))
        return redirect(next_path())

    @expose("/login/code", methods=["GET", "POST"])
    @no_cache
    def code(self) -> Any:
        """Ask for the code of the second factor, after the password was right."""
        user = half_logged_in(now=utc_now())
        if user is None:
            return redirect(url_for(f"{self.endpoint}.login", next=request.args.get("next")))
        form = CodeForm()
        if not form.validate_on_submit():
            return self._show_code(form, 422 if form.errors else 200)
        manager = self.appbuilder.sm
        if not manager.passes_second_factor(user, form.code.data):
            flash(str(_("The code is wrong, was used already, or the account is locked.")), "warning")
            return self._show_code(form, 401)
        begin_session(manager.logged_in(user))
        return redirect(next_path())

    @expose("/logout/", methods=["POST"])
    def logout(self) -> Response:
        """End the log-in on the server too, so that a copied cookie is worth nothing."""
        login = current_login()
        if login is not None:
            if login.viewing is not None:
                end_viewing(login.viewing.id, how=ViewingEnd.LOGGED_OUT, now=utc_now())
            revoke_login(login.sid, now=utc_now())
            record("logout", user_id=login.user_id)
        logout_user()
        cookie.clear()
        return redirect(url_for(f"{self.endpoint}.login"))

    def _show_code(self, form: "CodeForm", status: int) -> Any:
        page = self.render_template("security/login_code.html", title=_("Second factor"), form=form)
        return make_response(page, status)

    def _show(self, form: LoginForm_db, status: int) -> Any:
        page = self.render_template(self.login_template, title=self.title, form=form, appbuilder=self.appbuilder)
        return make_response(page, status)


def remember_half(user: User, *, now: dt.datetime) -> None:
    """Keep in the cookie that the password was right; it opens nothing but the question for the code."""
    cookie["half"] = {"user": user.id, "at": now.timestamp()}


def half_logged_in(*, now: dt.datetime) -> User | None:
    """Return who gave the right password a moment ago, unless he was locked out or it was changed since."""
    half = cookie.get("half")
    if half is None:
        return None
    at = dt.datetime.fromtimestamp(half["at"], dt.UTC)
    if not at <= now < at + HALF_FOR:
        return None
    with_this_password = (
        sa.select(User)
        .join(Account, Account.user_id == User.id)
        .where(User.id == half["user"], User.active.is_(True), Account.changed_at <= at)
    )
    return session.scalar(with_this_password)


def begin_session(user: Any) -> None:
    """Log the browser in with nothing left of what its cookie held before, but the language."""
    locale = cookie.get("locale")
    cookie.clear()
    login = open_login(user, kind=LoginKind.SESSION, now=utc_now())
    cookie["sid"] = login.sid
    if locale:
        cookie["locale"] = locale
    if login.company_id is not None:
        cookie["company_id"] = login.company_id
    login_user(user, remember=False)


def next_path() -> str:
    """Return the path on this site that `next` asks for, or the home page: never another site."""
    home: str = appbuilder().get_url_for_index
    wanted = request.args.get("next", "")
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return home
    elsewhere = parts.netloc and parts.netloc != request.host
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    # Browsers read a backslash as a slash, and skip control characters.
    unsafe = not path.startswith("/") or path.startswith("//") or "\\" in path or not path.isprintable()
    return home if elsewhere or unsafe else path
