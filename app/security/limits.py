"""The rate limit of log-ins, counted per address over the page and REST together."""

from typing import Any

from flask import Flask, current_app
from flask_limiter import Limiter, RateLimitExceeded
from flask_limiter.util import get_remote_address

from app.errors import AppError
from app.i18n import _


class TooManyAttempts(AppError):
    """The same address tried too often."""

    http_status = 429


def new_limiter(app: Flask) -> Limiter:
    """Return the limiter: counted in Redis where there is one, else in this process."""
    # FAB has switched the limiter off by default; here the limit itself says whether there is one.
    app.config["RATELIMIT_ENABLED"] = bool(app.config["LOGIN_RATE_LIMIT"])
    app.config.setdefault("RATELIMIT_HEADERS_ENABLED", True)
    redis_url = app.config.get("REDIS_URL")
    limiter = Limiter(
        key_func=get_remote_address,
        storage_uri=redis_url or "memory://",
        key_prefix="zhanggui",
        in_memory_fallback_enabled=bool(redis_url),
    )  # Without Redis nobody should be locked out of logging in.
    limiter.init_app(app)
    return limiter


def install_limits(app: Flask, limiter: Limiter) -> None:
    """Limit what asks for a password, on the page and in REST."""
    app.register_error_handler(RateLimitExceeded, _answer)
    if not app.config["LOGIN_RATE_LIMIT"]:
        return
    shared = limiter.shared_limit(app.config["LOGIN_RATE_LIMIT"], scope="login", methods=["POST"])
    views: dict[str, Any] = app.view_functions
    for endpoint in (
        "LoginView.login",
        "LoginView.code",
        "TokenApi.login",
        "AccountView.password",
        "TokenApi.password",
    ):
        views[endpoint] = shared(views[endpoint])


def _answer(error: RateLimitExceeded) -> Any:
    """Answer as every other refusal is answered, on the page and in REST."""
    return current_app.handle_user_exception(
        TooManyAttempts(
            "security.too_many_attempts",
            _("Too many attempts. Wait a little; allowed are %(limit)s."),
            limit=error.description,
        )
    )
