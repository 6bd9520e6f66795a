"""Tokens of the REST interface: each carries the id of a log-in kept on the server, and dies with it."""

from typing import Any

from flask import Response, g, request
from flask_appbuilder.api import expose
from flask_appbuilder.security.api import SecurityApi as FabSecurityApi
from flask_appbuilder.security.sqla.models import User
from flask_jwt_extended import JWTManager, get_jwt, jwt_required, verify_jwt_in_request
from flask_jwt_extended.exceptions import WrongTokenError

from app.database.columns import utc_now
from app.database.session import session
from app.errors import ValidationError
from app.i18n import _
from app.security.audit import record
from app.security.logins import live_user, open_login, revoke_login
from app.security.models import LoginKind
from app.security.passwords import change_own_password
from app.security.roles import acting_user


class TokenApi(FabSecurityApi):
    """FAB's log-in for REST, with a log-out."""

    @expose("/logout", methods=["POST"])
    @jwt_required(verify_type=False)
    def logout(self) -> Response:
        """Revoke the log-in of this token: access and refresh token die at once.

        ---
        post:
          description: Revoke the log-in of this token; its access and refresh tokens die at once
          responses:
            200:
              description: Revoked
            401:
              $ref: '#/components/responses/401'
          security:
            - jwt: []
        """
        claims = get_jwt()
        revoke_login(claims["sid"], now=utc_now())
        record("logout", user_id=int(claims["sub"]), kind_of_login="token")
        return self.response(200, message="OK")

    @expose("/password", methods=["POST"])
    @jwt_required()
    def password(self) -> Response:
        """Change the own password; every other log-in ends.

        ---
        post:
          description: Change the own password; every other log-in of the user ends
          requestBody:
            required: true
            content:
              application/json:
                schema:
                  type: object
                  required: [current, new]
                  properties:
                    current:
                      type: string
                    new:
                      type: string
          responses:
            200:
              description: Changed
            401:
              $ref: '#/components/responses/401'
            422:
              $ref: '#/components/responses/422'
          security:
            - jwt: []
        """
        given = request.get_json(silent=True)
        current, new = (given.get("current"), given.get("new")) if isinstance(given, dict) else (None, None)
        if not isinstance(current, str) or not isinstance(new, str):
            raise ValidationError("password.missing", _("Give the present and the new password."), field="new")
        user = acting_user()
        change_own_password(user, current=current, new=new)
        record("password.changed", user_id=user.id)
        return self.response(200, message="OK")


def install_tokens(manager: JWTManager) -> None:
    """Tie tokens to log-ins."""
    manager.additional_claims_loader(_claims)
    manager.token_in_blocklist_loader(_is_dead)


def bearer_user(_request: Any) -> User | None:
    """Return the user of the request's access token; None without one.

    Raises for a bad, old or revoked one: once, so that the answer to it can be made for a stranger.
    """
    if g.get("bearer_refused"):
        return None
    g.bearer_refused = True
    try:
        found = verify_jwt_in_request(optional=True)
    except WrongTokenError:  # A refresh token, which only the refresh and log-out endpoints take.
        return None
    g.bearer_refused = False
    return g.get("bearer_user") if found else None


def _claims(identity: str) -> dict[str, str]:
    """Give both tokens of one log-in the same id; a refreshed token keeps the id of its refresh token."""
    if "token_sid" not in g:
        known = g.get("_jwt_extended_jwt") or {}
        if known.get("type") == "refresh":
            g.token_sid = known["sid"]
        else:
            user = session.get_one(User, int(identity))
            g.token_sid = open_login(user, kind=LoginKind.TOKEN, now=utc_now()).sid
    return {"sid": g.token_sid}


def _is_dead(_header: dict[str, Any], claims: dict[str, Any]) -> bool:
    """Tell whether the token's log-in is over; on the way, load its user in the same statement."""
    g.bearer_user = live_user(claims.get("sid", ""), int(claims["sub"]), now=utc_now())
    return g.bearer_user is None
