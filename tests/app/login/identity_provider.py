"""A small identity provider (OpenID Connect) on a local socket, which can be told to lie."""

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

CLIENT_ID, CLIENT_SECRET = "zhanggui", "a secret that only both know, long enough to sign with"


class IdentityProvider:
    """Vouches for `person`; `claims` overrides what its tokens say (None leaves a claim out)."""

    def __init__(self) -> None:
        self.person: dict[str, Any] = {"sub": "ann-1", "preferred_username": "ann.lee", "email": "ann@example.test"}
        self.person["email_verified"] = True
        self.claims: dict[str, Any] = {}
        self.sign: Callable[[dict[str, Any]], str] = self.signed
        self.published: dict[str, Any] = {}
        self.userinfo: dict[str, Any] | None = None
        self.is_out_of_order = False
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.rotate()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.issuer = f"http://127.0.0.1:{self._server.server_port}/realm"
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    def stop(self) -> None:
        """Close the socket."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def rotate(self) -> None:
        """Sign with a new key from now on; the former one is not published any more."""
        self.key = RSAKey.generate_key(2048, {"kid": secrets.token_hex(4), "use": "sig"})

    def signed(self, claims: dict[str, Any], *, algorithm: str = "RS256", key: Any = None) -> str:
        """Return a token as an honest provider signs it, unless told another way."""
        used = key or self.key
        header = {"alg": algorithm, **({"kid": used.kid} if used.kid else {})}
        return jwt.encode(header, claims, used, algorithms=[algorithm])

    def metadata(self) -> dict[str, Any]:
        """What it publishes about itself."""
        names = {"authorization": "authorize", "token": "token", "userinfo": "userinfo", "end_session": "logout"}
        return {
            "issuer": self.issuer,
            **{f"{name}_endpoint": f"{self.issuer}/{path}" for name, path in names.items()},
            "jwks_uri": f"{self.issuer}/jwks",
            "id_token_signing_alg_values_supported": ["RS256", "none"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            **self.published,
        }

    def authorize(self, asked: dict[str, str]) -> str:
        """Return where the browser is sent back to with a code."""
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, asked: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """Give tokens for a code, once, to whoever began: the client by its secret, the browser by its verifier."""
        begun = self.codes.pop(asked.get("code", ""), None)
        expected = "Basic " + base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        if authorization != expected and authorization != _quoted_basic():
            return 401, {"error": "invalid_client"}
        digest = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if begun is None or begun["code_challenge"] != challenge or begun["code_challenge_method"] != "S256":
            return 400, {"error": "invalid_grant"}
        if asked["redirect_uri"] != begun["redirect_uri"] or asked["grant_type"] != "authorization_code":
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": begun["nonce"]}
        claims |= {"auth_time": now} if "max_age" in begun else {}
        claims |= self.person | self.claims
        told = {name: value for name, value in claims.items() if value is not None}
        return 200, {"access_token": "opaque", "token_type": "Bearer", "id_token": self.sign(told)}

    def answer(self, method: str, path: str, asked: dict[str, str], headers: Any) -> tuple[int, Any]:
        """Answer a request: a status, and an object or the address to go to."""
        name = urlsplit(path).path.removeprefix("/realm")
        self.asked.append((name, asked))
        if self.is_out_of_order:
            return 503, {"error": "out of order"}
        if name == "/.well-known/openid-configuration":
            return 200, self.metadata()
        if name == "/jwks":
            return 200, KeySet([self.key]).as_dict(private=False)
        if name == "/authorize":
            return 302, self.authorize(asked)
        if name == "/token" and method == "POST":
            return self.token(asked, headers.get("Authorization", ""))
        if name == "/userinfo" and headers.get("Authorization") == "Bearer opaque" and self.userinfo is not None:
            return 200, self.userinfo
        return 404, {"error": "nothing here"}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:  # Its name.
                self._answer(urlsplit(self.path).query)

            def do_POST(self) -> None:  # As above.
                self._answer(self.rfile.read(int(self.headers["Content-Length"])).decode())

            def _answer(self, query: str) -> None:
                asked = {name: values[0] for name, values in parse_qs(query).items()}
                status, content = provider.answer(self.command, self.path, asked, self.headers)
                self.send_response(status)
                if isinstance(content, str):
                    self.send_header("Location", content)
                    content = {}
                body = json.dumps(content).encode()
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_arguments: Any) -> None:
                """Say nothing."""

        return Handler


def _quoted_basic() -> str:
    """Return the client's credentials as RFC 6749 has them: form-encoded before they are joined."""
    quoted = ":".join(urlencode({"": text})[1:] for text in (CLIENT_ID, CLIENT_SECRET))
    return "Basic " + base64.b64encode(quoted.encode()).decode()


def unsigned(claims: dict[str, Any]) -> str:
    """Return a token that says of itself that it needs no signature."""
    parts = (json.dumps(part).encode() for part in ({"alg": "none"}, claims))
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts) + "."
