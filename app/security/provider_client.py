"""Asking the company's identity provider (OpenID Connect): authorization code with PKCE, state and nonce.

Nothing that the browser brings is believed: the token comes from the provider itself, and its signature, issuer,
audience, dates and nonce are checked. No transaction of ours should be open while the provider is asked.
"""

import datetime as dt
import logging
import secrets
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from flask import current_app, url_for
from joserfc import jwt
from joserfc.errors import BadSignatureError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from app.i18n import _
from app.security.external import Person
from app.security.login_services import is_safe_address
from app.security.logins import ProviderLogin
from app.security.provider import Claims, Pending, ProviderDown, ProviderRefused

log = logging.getLogger(__name__)
# By keys that the provider publishes: neither unsigned, nor by the secret that we know too.
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"]
_SUBJECT_LENGTH = 255  # Characters; the standard allows no more.
_CLOCKS_DIFFER = 60  # Seconds.
_KNOWN_FOR = 3600  # Seconds; keys that are not known are asked for at once.
_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_OFFERED = ("userinfo_endpoint", "end_session_endpoint")


@dataclass
class Provider:
    """The provider of this installation, with what it publishes about itself."""

    _metadata: dict[str, Any] = field(default_factory=dict)
    _metadata_at: float = 0
    _keys: KeySet | None = None

    def begin(self, path: str, *, now: dt.datetime, again: bool = False) -> tuple[str, str, Pending]:
        """Return where to send the browser, the state that it must bring back, and what is kept meanwhile."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _each in range(3))
        more: dict[str, Any] = {"prompt": "login", "max_age": 0} if again else {}
        with self._client() as client:
            address, _state = client.create_authorization_url(
                self._published()["authorization_endpoint"], state=state, code_verifier=verifier, nonce=nonce, **more
            )
        return address, state, Pending(nonce, verifier, path, now.timestamp(), again)

    def finish(self, code: str, pending: Pending) -> Claims:
        """Exchange the code for a token and check it. Raises ProviderDown, or ProviderRefused."""
        published = self._published()
        try:
            with self._client() as client:
                tokens = client.fetch_token(
                    published["token_endpoint"],
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=pending.verifier,
                    timeout=self._timeout,
                    allow_redirects=False,
                )
                id_token = tokens.get("id_token")
                if not isinstance(id_token, str):
                    raise _untrusted("no id_token")
                said = self._checked(id_token, tokens.get("access_token"), pending)
                return Claims(self._with_profile(client, said), id_token)
        except AuthlibBaseError as error:  # Such as a code that was used already.
            raise _untrusted(error) from error
        except (requests.RequestException, ValueError, TypeError, AttributeError) as error:  # Or an answer of no shape.
            raise _down(error) from error

    def person(self, claims: Claims) -> Person:
        """Return whom the claims describe; an address that the provider has not verified is left out."""
        said, settings = claims.said, self.settings
        verified = said.get("email_verified") in (True, "true")  # Some send a text.
        return Person(
            issuer=settings["OIDC_ISSUER"],
            subject=said["sub"],
            username=_text(said, settings["OIDC_USERNAME_CLAIM"]),
            email=_text(said, "email") if verified else "",
            first_name=_text(said, "given_name") or _text(said, "name"),
            last_name=_text(said, "family_name"),
            employee_number=_text(said, settings["OIDC_EMPLOYEE_NUMBER_CLAIM"]),
        )

    def login(self, claims: Claims, pending: Pending) -> ProviderLogin:
        """Return what our log-in keeps of the claims."""
        said, methods = claims.said, claims.said.get("amr") or []
        asserted = not set(self.settings["OIDC_SECOND_FACTOR_AMR"]).isdisjoint(
            method for method in methods if isinstance(method, str)
        )
        asserted |= said.get("acr") in self.settings["OIDC_SECOND_FACTOR_ACR"]
        confirmed_at = dt.datetime.fromtimestamp(said["auth_time"], dt.UTC) if pending.again else None
        return ProviderLogin(second_factor=asserted, confirmed_at=confirmed_at, id_token=claims.id_token)

    def logout_address(self, id_token: str | None, path: str) -> str | None:
        """Return where the provider ends a log-in and then leads to a path of ours; None where it cannot."""
        try:
            endpoint = self._published().get("end_session_endpoint")
        except ProviderDown:
            return None
        if not endpoint:
            return None
        query = {"client_id": self.settings["OIDC_CLIENT_ID"], "post_logout_redirect_uri": _own_address(path)}
        if id_token:
            query["id_token_hint"] = id_token
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}"

    @property
    def settings(self) -> Any:
        """The settings of the installation."""
        return current_app.config

    @property
    def _timeout(self) -> int:
        seconds: int = self.settings["LOGIN_SERVICE_TIMEOUT_SECONDS"]
        return seconds

    def _client(self) -> OAuth2Session:
        methods = self._published().get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        usual = "client_secret_basic" in methods or "client_secret_post" not in methods
        client = OAuth2Session(
            self.settings["OIDC_CLIENT_ID"],
            self.settings["OIDC_CLIENT_SECRET"],
            token_endpoint_auth_method="client_secret_basic" if usual else "client_secret_post",
            scope=" ".join(self.settings["OIDC_SCOPES"]),
            redirect_uri=_own_address(url_for("ProviderView.back")),
            code_challenge_method="S256",
        )
        if self.settings["OIDC_CA_FILE"]:
            client.verify = self.settings["OIDC_CA_FILE"]
        return client

    def _published(self) -> dict[str, Any]:
        """Return what the provider publishes about itself, asked anew after a while. Raises ProviderDown."""
        if self._metadata and time.monotonic() - self._metadata_at < _KNOWN_FOR:
            return self._metadata
        issuer = self.settings["OIDC_ISSUER"]
        address = self.settings["OIDC_DISCOVERY_URL"] or f"{issuer.rstrip('/')}/.well-known/openid-configuration"
        found = self._fetch(address)
        if found.get("issuer") != issuer:
            raise _down(f"OIDC_ISSUER is {issuer}, but {address} names {found.get('issuer')!r}")
        for name in (*_NEEDED, *_OFFERED):
            if (name in found or name in _NEEDED) and not is_safe_address(str(found.get(name))):
                raise _down(f"{address}: {name} is {found.get(name)!r}")
        self._metadata, self._metadata_at, self._keys = found, time.monotonic(), None
        return found

    def _fetch(self, address: str, **more: Any) -> dict[str, Any]:
        verify = self.settings["OIDC_CA_FILE"] or True
        try:
            answer = requests.get(address, timeout=self._timeout, allow_redirects=False, verify=verify, **more)
            if answer.status_code != 200:
                raise _down(f"{address} answers {answer.status_code}")
            found = answer.json()
        except (requests.RequestException, ValueError) as error:
            raise _down(error) from error
        if not isinstance(found, dict):
            raise _down(f"{address} is no object")
        return found

    def _key_set(self, *, anew: bool) -> KeySet:
        if self._keys is None or anew:
            try:
                published = self._fetch(self._published()["jwks_uri"])
                usable = [key for key in published["keys"] if key.get("use", "sig") == "sig"]
                self._keys = KeySet.import_key_set({"keys": usable})
            except (JoseError, KeyError, TypeError, AttributeError, ValueError) as error:
                raise _down(error) from error
        return self._keys

    def _checked(self, id_token: str, access_token: str | None, pending: Pending) -> dict[str, Any]:
        """Return the claims of a token that is signed by the provider, for us, now, and for this log-in."""
        issuer, client_id = self.settings["OIDC_ISSUER"], self.settings["OIDC_CLIENT_ID"]
        try:
            token = self._verified(id_token)
            claims = CodeIDToken(
                token.claims,
                token.header,
                {"iss": {"essential": True, "value": issuer}, "aud": {"essential": True, "value": client_id}},
                {"nonce": pending.nonce, "client_id": client_id, "access_token": access_token},
            )
            claims.validate(leeway=_CLOCKS_DIFFER)
        except (JoseError, AuthlibBaseError, ValueError, TypeError, KeyError) as error:
            raise _untrusted(error) from error
        subject = claims["sub"]
        if not isinstance(subject, str) or not subject.isprintable() or not 0 < len(subject) <= _SUBJECT_LENGTH:
            raise _untrusted("sub")
        asked_at, earliest, latest = claims.get("auth_time"), pending.at - _CLOCKS_DIFFER, time.time() + _CLOCKS_DIFFER
        if pending.again and not (isinstance(asked_at, int | float) and earliest <= asked_at <= latest):
            raise _untrusted("auth_time")
        return dict(claims)

    def _verified(self, id_token: str) -> jwt.Token:
        """Check the signature; a key that is not known may have been published since."""
        registry, were_known = JWSRegistry(algorithms=_ALGORITHMS, strict_check_header=False), self._keys is not None
        try:
            return jwt.decode(id_token, self._key_set(anew=False), registry=registry)
        except (InvalidKeyIdError, BadSignatureError):
            if not were_known:
                raise
            return jwt.decode(id_token, self._key_set(anew=True), registry=registry)

    def _with_profile(self, client: OAuth2Session, said: dict[str, Any]) -> dict[str, Any]:
        """Add what the provider says of the person only where it is asked for it."""
        endpoint = self._published().get("userinfo_endpoint")
        wanted = (self.settings["OIDC_USERNAME_CLAIM"], "email")
        if not endpoint or all(said.get(name) for name in wanted):
            return said
        answer = client.get(endpoint, timeout=self._timeout, allow_redirects=False)
        if answer.status_code != 200:  # He is known by the subject all the same.
            return said
        profile = answer.json()
        if not isinstance(profile, dict) or profile.get("sub") != said["sub"]:
            raise _untrusted("userinfo of somebody else")
        return {**profile, **said}


def _own_address(path: str) -> str:
    """Return the address of a path of ours as users and provider know it; PUBLIC_URL holds the folder, if any."""
    parts = urlsplit(current_app.config["PUBLIC_URL"])
    return f"{parts.scheme}://{parts.netloc}{path}"


def _text(said: dict[str, Any], claim: str) -> str:
    value = said.get(claim)
    text = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return text if text.isprintable() else ""


def _down(reason: object) -> ProviderDown:
    log.error("identity provider: %s", reason)
    return ProviderDown(
        "provider.down", _("The company's log-in service does not answer. Try again later, or log in with a password.")
    )


def _untrusted(reason: object) -> ProviderRefused:
    log.warning("identity provider: answer not trusted: %r", reason)
    return ProviderRefused(
        "provider.untrusted", _("The answer of the company's log-in service cannot be trusted. Begin again.")
    )
