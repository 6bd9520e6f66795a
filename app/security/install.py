"""Hooks security into the application."""

import datetime as dt

from flask import Flask, Response, g, request

from app.errors import ConfigurationError
from app.security.account_view import AccountView, guard_due_password
from app.security.audit import record_denial
from app.security.forgery import install_forgery_guard
from app.security.headers import install_headers
from app.security.limits import install_limits
from app.security.logins import current_login, note_seen
from app.security.manager import SecurityManager
from app.security.passwords import fab_validator
from app.security.tokens import bearer_user, install_tokens


def install_security(app: Flask) -> None:
    """Hook in. Call it after AppBuilder.init_app and before the web edge, inside an app context."""
    appbuilder = app.extensions["appbuilder"]
    manager = appbuilder.sm
    if type(manager) is not SecurityManager:  # FAB falls back to its own in silence.
        raise ConfigurationError("FAB did not take our security manager")
    app.config.update(FAB_PASSWORD_COMPLEXITY_ENABLED=True, FAB_PASSWORD_COMPLEXITY_VALIDATOR=fab_validator)
    app.config.setdefault("JWT_REFRESH_TOKEN_EXPIRES", dt.timedelta(days=30))
    appbuilder.add_view_no_menu(AccountView)
    manager.lm.login_view, manager.lm.login_message = "LoginView.login", None  # FAB names a view that is not there.
    manager.lm.request_loader(bearer_user)
    install_tokens(manager.jwt_manager)
    install_headers(app)
    install_forgery_guard(app)
    install_limits(app, manager.limiter)
    app.before_request(guard_due_password)
    app.after_request(note_refusal)
    app.teardown_request(note_seen)


def note_refusal(response: Response) -> Response:
    """Record that a logged-in user was refused an address (S:CORE-04)."""
    login = current_login()
    if response.status_code == 403 and "denial_noted" not in g and login is not None:
        record_denial(login.user_id, method=request.method, path=request.path)
    return response
