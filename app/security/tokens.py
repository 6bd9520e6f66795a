"""Tokens of the REST interface: each carries the id of a log-in kept on the server, and dies with it."""

from typing import Any

from flask import Response, g, request
from flask_appbuilder.api import expose
from flask_appbuilder.security.api import SecurityApi as FabSecurityApi
from flask_appbuilder.security.sqla.models import User
from flask_jwt_extended import (
    JWTManager,
    create_access_token,
    create_refresh_token,
    get_jwt,
    jwt_required,
    verify_jwt_in_request,
)
from flask_jwt_extended.exceptions import WrongTokenError

from app.database.columns import utc_now
from app.database.session import session
from app.errors import ValidationError
from app.i18n import _
from app.security.audit import record
from app.security.logins import live_user, open_login, revoke_login
from app.security.models import LoginKind
from app.security.owner import change_own_password
from app.security.roles import acting_user
from app.security.second_factor import has_second_factor


class TokenApi(FabSecurityApi):
    """FAB's log-in for REST, with the second factor and a log-out."""

    @expose("/login", methods=["POST"])
    def login(self) -> Response:
        """Give tokens for a user name, a password and, where a second factor is on, a code.

        ---
        post:
          description: >-
            Give an access token, and a refresh token if asked. `code` is that of the authenticator app, or a recovery
            code; only where a second factor is on
          requestBody:
            required: true
            content:
              application/json:
                schema:
                  type: object
                  required: [username, password]
                  properties:
                    username: {type: string}
                    password: {type: string}
                    code: {type: string}
                    provider: {type: string, enum: [db]}
                    refresh: {type: boolean}
          responses:
            200:
              description: Logged in
              content:
                application/json:
                  schema:
                    type: object
                    properties:
                      access_token: {type: string}
                      refresh_token: {type: string}
            400: {$ref: '#/components/responses/400'}
            401: {$ref: '#/components/responses/401'}
        """
        given: Any = request.get_json(silent=True)
        texts = [given.get(name, "") for name in ("username", "password", "code")] if isinstance(given, dict) else [""]
        if not all(isinstance(text, str) for text in texts) or not all(texts[:2]):
            return self.response_400(message="Send username, password and code as JSON texts.")
        user, answer = self._identify(*texts)
        return answer if user is None else self._give_tokens(user, refresh=given.get("refresh") is True)

    def _identify(self, username: str, password: str, code: str) -> tuple[User | None, Response]:
        """Return who this is; or None, with what the stranger is answered."""
        manager, refusal = self.appbuilder.sm, self.response_401()
        user = manager.user_with_password(username, password)
        if user is None or not has_second_factor(user.id):
            return user, refusal
        if not code:
            text = str(_("Send the code of the app too."))
            return None, self.response(401, error="security.code_needed", message=text)
        return (user if manager.passes_second_factor(user, code) else None), refusal

    def _give_tokens(self, user: User, *, refresh: bool) -> Response:
        identity = str(self.appbuilder.sm.logged_in(user).id)
        tokens = {"access_token": create_access_token(identity=identity, fresh=True)}
        if refresh:
            tokens["refresh_token"] = create_refresh_token(identity=identity)
        return self.response(200, **tokens)

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
        change_own_password(user, current=current, new=new, now=utc_now())
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
