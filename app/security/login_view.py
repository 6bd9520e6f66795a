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
from app.database.session import outside_transaction, session
from app.errors import AppError
from app.extensions import appbuilder
from app.i18n import _
from app.security.audit import record
from app.security.logins import LiveLogin, ProviderLogin, current_login, id_token_of, open_login, revoke_login
from app.security.models import Account, LoginKind, LoginMethod
from app.security.provider import is_provider_on, provider
from app.security.second_factor import has_second_factor
from app.security.viewing import end_viewing

HALF_FOR = dt.timedelta(minutes=5)
_TOKEN_IN_COOKIE = 1800  # Characters; browsers keep 4 KB.


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
        try:
            user = manager.user_with_password(form.username.data, form.password.data)
        except AppError as refusal:  # The directory is down, or its answer opens nobody here.
            flash(str(refusal), "warning")
            return self._show(form, refusal.http_status)
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
        said = provider_login(cookie["half"])
        begin_session(manager.logged_in(user, method=LoginMethod.PROVIDER if said else None), said)
        return redirect(next_path())

    @expose("/logout/", methods=["POST"])
    def logout(self) -> Response:
        """End the log-in on the server too, so that a copied cookie is worth nothing; and at the identity provider."""
        login = current_login()
        elsewhere = self._end_elsewhere(login) if login is not None else None
        if login is not None:
            if login.viewing is not None:
                end_viewing(login.viewing.id, how=ViewingEnd.LOGGED_OUT, now=utc_now())
            revoke_login(login.sid, now=utc_now())
            record("logout", user_id=login.user_id)
        logout_user()
        locale = cookie.get("locale")
        cookie.clear()
        if locale:
            cookie["locale"] = locale
        if elsewhere is None:
            return redirect(url_for(f"{self.endpoint}.login"))
        # A page of ours in between: the policy of the page that was left lets its forms lead to this site only.
        page = self.render_template("security/logged_out.html", title=_("You are logged out"), elsewhere=elsewhere)
        return make_response(page)

    def _end_elsewhere(self, login: LiveLogin) -> str | None:
        """Return where the provider ends the log-in that it vouched for, if it offers that and answers."""
        if login.method is not LoginMethod.PROVIDER or not is_provider_on():
            return None
        id_token = id_token_of(login.sid)
        with outside_transaction():
            return provider().logout_address(id_token, url_for(f"{self.endpoint}.login"))

    def _show_code(self, form: "CodeForm", status: int) -> Any:
        page = self.render_template("security/login_code.html", title=_("Second factor"), form=form)
        return make_response(page, status)

    def _show(self, form: LoginForm_db, status: int) -> Any:
        page = self.render_template(self.login_template, title=self.title, form=form, appbuilder=self.appbuilder)
        return make_response(page, status)


def remember_half(user: User, *, now: dt.datetime, said: ProviderLogin | None = None) -> None:
    """Keep in the cookie that the password was right; it opens nothing but the question for the code.

    Or that the provider vouched for the user; its token stays with it only where the cookie has room.
    """
    half: dict[str, Any] = {"user": user.id, "at": now.timestamp()}
    if said is not None:
        token = said.id_token if said.id_token and len(said.id_token) <= _TOKEN_IN_COOKIE else None
        half["provider"] = {"token": token, "confirmed": said.confirmed_at and said.confirmed_at.timestamp()}
    cookie["half"] = half


def provider_login(half: dict[str, Any]) -> ProviderLogin | None:
    """Return what the provider said of a half log-in; None where a password was given."""
    said = half.get("provider")
    if said is None:
        return None
    confirmed = said["confirmed"] and dt.datetime.fromtimestamp(said["confirmed"], dt.UTC)
    return ProviderLogin(confirmed_at=confirmed, id_token=said["token"])


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


def begin_session(user: Any, said: ProviderLogin | None = None) -> None:
    """Log the browser in with nothing left of what its cookie held before, but the language."""
    locale = cookie.get("locale")
    cookie.clear()
    login = open_login(user, kind=LoginKind.SESSION, now=utc_now(), provider=said)
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
