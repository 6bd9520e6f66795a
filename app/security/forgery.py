"""Forged requests: whatever changes something, from a browser that carries a log-in, needs the page's token."""

from flask import Flask, current_app, request
from flask import session as cookie
from flask_wtf.csrf import CSRFError

from app.errors import AppError
from app.extensions import csrf
from app.i18n import _


class ForgedRequest(AppError):
    """A writing request without the token of a page of ours."""

    http_status = 400


def install_forgery_guard(app: Flask) -> None:
    """Check every writing request; FAB's own list of exempted blueprints does not count."""
    if "csrf" not in app.extensions:
        csrf.init_app(app)
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # We check ourselves, just below.
    app.before_request(refuse_forged_request)


def refuse_forged_request() -> None:
    """Refuse a writing request without a token.

    REST without a cookie identity needs none: a browser sends no Bearer header by itself, and the log-in for
    REST sets no cookie.
    """
    if not current_app.config["WTF_CSRF_ENABLED"] or ("_user_id" not in cookie and request.path.startswith("/api/")):
        return
    try:
        csrf.protect()
    except CSRFError as error:
        raise ForgedRequest(
            "security.csrf", _("This page is out of date. Reload it and send again."), reason=error.description
        ) from error
