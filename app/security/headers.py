"""Headers that tell browsers what our pages may do: little."""

import secrets

from flask import Flask, Response, g, request
from flask import session as cookie
from flask.sessions import SecureCookieSessionInterface

_POLICY = (
    "default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
_FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_A_YEAR = 31_536_000  # Seconds.


class CookieSession(SecureCookieSessionInterface):
    """Flask's session cookie, never sent in clear once the site is reached by https."""

    def get_cookie_secure(self, app: Flask) -> bool:
        """Tell whether the cookie is for https only."""
        return bool(app.config.get("HTTPS")) or request.is_secure


def csp_nonce() -> str:
    """Return the nonce of this answer: FAB's templates put it on their scripts."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    nonce: str = g.csp_nonce
    return nonce


def install_headers(app: Flask) -> None:
    """Set the cookie's attributes and put the headers on every answer."""
    app.config.update(SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Lax")
    app.config["TRUSTED_HOSTS"] = app.config.get("TRUSTED_HOSTS") or None
    app.session_interface = CookieSession()
    app.jinja_env.globals["csp_nonce"] = csp_nonce
    app.after_request(add_headers)


def add_headers(response: Response) -> Response:
    """Put the headers on an answer; what a page set itself stays."""
    for name, value in _FIXED.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", _POLICY.format(nonce=csp_nonce()))
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={_A_YEAR}; includeSubDomains")
    is_static = (request.endpoint or "").endswith("static")
    if not is_static and ("_user_id" in cookie or "Authorization" in request.headers):
        response.headers["Cache-Control"] = "no-store"  # A shared computer's Back button shows nothing.
    return response
