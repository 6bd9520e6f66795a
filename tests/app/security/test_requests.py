"""What surrounds every request: forgery, headers, cookies, host names."""

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.app.security.conftest import PASSWORD

Enter = Callable[..., FlaskClient]


class TestForgery:
    """With the check on, as in production."""

    @pytest.fixture
    def settings(self) -> dict[str, Any]:
        """Forgery is checked."""
        return {"WTF_CSRF_ENABLED": True}

    def test_whatever_carries_a_cookie_identity_needs_the_token(self, world: SimpleNamespace) -> None:
        client = world.app.test_client()
        page = client.get("/login/").text
        token = re.search(r'name="csrf_token" type="hidden" value="([^"]+)"', page)[1]  # type: ignore[index]
        data = {"username": "ann", "password": PASSWORD}
        assert client.post("/login/", data=data).status_code == 400
        assert client.post("/login/", data={**data, "csrf_token": token}).status_code == 302
        # The log-in made a new session, so the old token is worth nothing.
        token = re.search(r"csrf=(\S+)", client.get("/account/").text)[1]  # type: ignore[index]
        for path in ("/papers/write", "/api/v1/papers/", "/logout/", "/account/logins/end"):
            refused = client.post(path)
            assert (path, refused.status_code, refused.json["error"]) == (path, 400, "security.csrf")
            assert client.post(path, headers={"X-CSRFToken": token + "x"}).status_code == 400
        assert client.post("/papers/write", headers={"X-CSRFToken": token}).status_code == 200
        assert client.post("/papers/write", data={"csrf_token": token}).status_code == 200
        assert client.post("/api/v1/papers/", headers={"X-CSRFToken": token}).json == {"user": "ann"}
        # A Bearer header beside the cookie does not help: the cookie is what acts.
        assert client.post("/api/v1/papers/", headers={"Authorization": "Bearer x"}).status_code == 400
        assert client.get("/api/v1/papers/").json == {"user": "ann"}  # The failed log-outs changed nothing.

    def test_a_token_without_a_cookie_needs_none(self, world: SimpleNamespace, token: Any) -> None:
        header = {"Authorization": f"Bearer {token('ann')['access_token']}"}
        assert world.app.test_client().post("/api/v1/papers/", headers=header).json == {"user": "ann"}
        assert world.app.test_client().post("/api/v1/papers/").status_code == 401
        assert world.app.test_client().post("/papers/write", headers=header).status_code == 400


def test_every_answer_says_what_a_page_may_do(login: Enter, world: SimpleNamespace) -> None:
    ann = login("ann")
    first, second = ann.get("/papers/list"), ann.get("/papers/list")
    for answer in (first, ann.get("/nowhere"), ann.get("/api/v1/papers/"), world.app.test_client().get("/login/")):
        headers = answer.headers
        policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
        assert re.fullmatch(r"'self' 'nonce-[\w-]{22}'", policy["script-src"])
        assert {name: policy[name] for name in ("default-src", "style-src", "form-action")} == dict.fromkeys(
            ("default-src", "style-src", "form-action"), "'self'"
        )
        assert (policy["frame-ancestors"], policy["base-uri"], policy["object-src"]) == ("'none'", "'none'", "'none'")
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert "camera=()" in headers["Permissions-Policy"]
        assert "Strict-Transport-Security" not in headers
    assert first.headers["Content-Security-Policy"] != second.headers["Content-Security-Policy"]
    assert first.headers["Cache-Control"] == "no-store"


def test_the_nonce_on_the_page_is_the_one_in_the_header(world: SimpleNamespace) -> None:
    answer = world.app.test_client().get("/login/")
    nonce = re.search(r"'nonce-([\w-]+)'", answer.headers["Content-Security-Policy"])[1]  # type: ignore[index]
    assert set(re.findall(r'nonce="([^"]*)"', answer.text)) == {nonce}


def test_over_https_cookies_stay_there(world: SimpleNamespace) -> None:
    data = {"username": "ann", "password": PASSWORD}
    clear = world.app.test_client().post("/login/", data=data).headers["Set-Cookie"]
    secure = world.app.test_client().post("/login/", data=data, base_url="https://localhost/")
    assert ("HttpOnly" in clear, "SameSite=Lax" in clear, "Secure" in clear) == (True, True, False)
    assert "Secure; HttpOnly" in secure.headers["Set-Cookie"]
    assert secure.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


class TestHosts:
    """With the names the site is known by."""

    @pytest.fixture
    def settings(self) -> dict[str, Any]:
        """One name."""
        return {"TRUSTED_HOSTS": ["erp.example.test"]}

    def test_other_names_are_refused(self, world: SimpleNamespace) -> None:
        client = world.app.test_client()
        assert client.get("/login/", base_url="http://erp.example.test/").status_code == 200
        assert client.get("/papers/list", base_url="http://evil.test/").status_code == 400
