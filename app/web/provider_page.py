"""Logging in by the company's identity provider: away to it, and back."""

from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask import session as cookie
from flask_appbuilder.baseviews import BaseView, expose
from flask_appbuilder.security.decorators import no_cache
from flask_appbuilder.security.sqla.models import User
from flask_login import current_user
from werkzeug.wrappers import Response

from app.database.columns import utc_now
from app.database.session import outside_transaction, rollback
from app.errors import AppError
from app.i18n import _
from app.security.audit import record
from app.security.external import Person, admit, known_user
from app.security.login_view import begin_session, next_path, remember_half
from app.security.logins import current_login, revoke_login
from app.security.models import LoginMethod
from app.security.provider import Claims, Pending, ProviderRefused, is_provider_on, provider
from app.security.second_factor import has_second_factor
from app.web.edge import writes

_WINDOWS = 3  # So many log-ins begun at once, each in a window of its own, can be finished.
_PATH_LENGTH = 500


class ProviderView(BaseView):
    """The two addresses that the provider and the log-in page know; without a provider there are none."""

    route_base = "/login/oidc"
    default_view = "start"

    @expose("/")
    @no_cache
    def start(self) -> Any:
        """Send the browser to the provider; with `again=1` it asks the person itself, whoever is logged in there."""
        if not is_provider_on():
            abort(404)
        again, path = request.args.get("again") == "1", next_path()
        if current_user.is_authenticated and not again:
            return redirect(path)
        path = path if len(path) <= _PATH_LENGTH else "/"
        try:
            address, state, pending = provider().begin(path, now=utc_now(), again=again)
        except AppError as refusal:
            return _refuse(refusal)
        kept = dict(list(cookie.get("oidc", {}).items())[-(_WINDOWS - 1) :])
        cookie["oidc"] = {**kept, state: pending.to_dict()}
        return redirect(address)

    @expose("/back")
    @no_cache
    @writes
    def back(self) -> Any:
        """Log in whoever the provider vouches for."""
        if not is_provider_on():
            abort(404)
        try:
            pending = _pending()
            with outside_transaction():
                claims = provider().finish(request.args.get("code", ""), pending)
            return self._log_in(claims, pending)
        except AppError as refusal:
            rollback()
            record("login.refused", user_id=refusal.data.get("user_id"), reason=refusal.code)
            return _refuse(refusal)

    def _log_in(self, claims: Claims, pending: Pending) -> Response:
        settings, present = provider().settings, current_login()
        logged_in = present and (present.sid, present.user_id)
        person = provider().person(claims)
        if logged_in:
            _refuse_somebody_else(person, logged_in[1])
        link_by, may_create = settings["OIDC_LINK_BY"], settings["OIDC_CREATE_USERS"]
        user = admit(person, link_by=link_by, may_create=may_create, now=utc_now())
        said = provider().login(claims, pending)
        manager: Any = self.appbuilder.sm
        if logged_in:
            revoke_login(logged_in[0], now=utc_now())
        elif has_second_factor(user.id) and not said.second_factor:
            return _ask_for_code(user, pending, said)
        begin_session(manager.logged_in(user, method=LoginMethod.PROVIDER), said)
        return redirect(pending.path)


def _refuse_somebody_else(person: Person, user_id: int) -> None:
    known = known_user(person.issuer, person.subject)
    if known is None or known.id != user_id:
        raise ProviderRefused("provider.somebody_else", _("You are logged in here as somebody else. Log out first."))


def _ask_for_code(user: User, pending: Pending, said: Any) -> Response:
    remember_half(user, now=utc_now(), said=said)
    cookie.pop("oidc", None)
    return redirect(url_for("LoginView.code", next=pending.path))


def _pending() -> Pending:
    """Return the log-in that this browser began, once. Raises ProviderRefused for what nobody here began."""
    begun = dict(cookie.get("oidc", {}))
    kept = begun.pop(request.args.get("state", ""), None)
    cookie["oidc"] = begun
    pending = Pending(**kept) if kept else None
    if pending is None or pending.is_over(utc_now()):
        raise ProviderRefused(
            "provider.state", _("This log-in was begun too long ago, or in another browser. Begin again.")
        )
    if request.args.get("iss", provider().settings["OIDC_ISSUER"]) != provider().settings["OIDC_ISSUER"]:  # RFC 9207.
        raise ProviderRefused(
            "provider.issuer", _("The answer of the company's log-in service cannot be trusted. Begin again.")
        )
    if "error" in request.args or not request.args.get("code"):
        raise ProviderRefused("provider.refused", _("The company's log-in service has not let you in."))
    return pending


def _refuse(refusal: AppError) -> Response:
    flash(str(refusal), "warning")
    here = url_for("AccountView.index") if current_user.is_authenticated else url_for("LoginView.login")
    return redirect(here)
