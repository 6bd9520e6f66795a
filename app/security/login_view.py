"""The log-in page; the log-out is a POST."""

from typing import Any
from urllib.parse import urlsplit

from flask import flash, make_response, redirect, request, url_for
from flask import session as cookie
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.decorators import no_cache
from flask_appbuilder.security.forms import LoginForm_db
from flask_appbuilder.security.views import AuthDBView
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from app.database.columns import utc_now
from app.extensions import appbuilder
from app.i18n import _
from app.security.audit import record
from app.security.logins import current_login, open_login, revoke_login
from app.security.models import LoginKind


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
        user = self.appbuilder.sm.auth_user_db(form.username.data, form.password.data)
        if user is None:
            flash(str(self.invalid_login_message), "warning")
            return self._show(form, 401)
        begin_session(user)
        return redirect(next_path())

    @expose("/logout/", methods=["POST"])
    def logout(self) -> Response:
        """End the log-in on the server too, so that a copied cookie is worth nothing."""
        login = current_login()
        if login is not None:
            revoke_login(login.sid, now=utc_now())
            record("logout", user_id=login.user_id)
        logout_user()
        cookie.clear()
        return redirect(url_for(f"{self.endpoint}.login"))

    def _show(self, form: LoginForm_db, status: int) -> Any:
        page = self.render_template(self.login_template, title=self.title, form=form, appbuilder=self.appbuilder)
        return make_response(page, status)


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
