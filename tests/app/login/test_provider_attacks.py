"""Every way in which an answer of the identity provider may lie, or be bent on its way."""

import base64
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from joserfc.jwk import OctKey, RSAKey

from tests.app.login.browser import begin, change, identities, log_in, make_global_administrator, shown, users, visit
from tests.app.login.conftest import is_logged_in
from tests.app.login.identity_provider import CLIENT_ID, CLIENT_SECRET, IdentityProvider, unsigned

pytestmark = pytest.mark.by_turns


def _another_audience(idp: IdentityProvider) -> None:
    idp.claims["aud"] = ["another client"]


def _several_audiences(idp: IdentityProvider) -> None:
    idp.claims.update(aud=[CLIENT_ID, "another client"], azp="another client")


def _another_issuer(idp: IdentityProvider) -> None:
    idp.claims["iss"] = "https://evil.test"


def _another_nonce(idp: IdentityProvider) -> None:
    idp.claims["nonce"] = "of another log-in"


def _no_nonce(idp: IdentityProvider) -> None:
    idp.claims["nonce"] = None


def _expired(idp: IdentityProvider) -> None:
    idp.claims.update(iat=int(time.time()) - 900, exp=int(time.time()) - 300)


def _no_expiry(idp: IdentityProvider) -> None:
    idp.claims["exp"] = None


def _of_the_future(idp: IdentityProvider) -> None:
    idp.claims.update(iat=int(time.time()) + 900, nbf=int(time.time()) + 900, exp=int(time.time()) + 1800)


def _no_subject(idp: IdentityProvider) -> None:
    idp.claims["sub"] = None


def _not_signed(idp: IdentityProvider) -> None:
    idp.sign = unsigned


def _signature_cut_off(idp: IdentityProvider) -> None:
    idp.sign = lambda claims: idp.signed(claims).rpartition(".")[0] + "."


def _signed_by_a_stranger(idp: IdentityProvider) -> None:
    stranger = RSAKey.generate_key(2048, {"kid": idp.key.kid})
    idp.sign = lambda claims: idp.signed(claims, key=stranger)


def _signed_by_the_client_secret(idp: IdentityProvider) -> None:
    secret = OctKey.import_key(CLIENT_SECRET, {"kid": idp.key.kid})
    idp.sign = lambda claims: idp.signed(claims, algorithm="HS256", key=secret)


def _signed_by_the_public_key(idp: IdentityProvider) -> None:
    public = OctKey.import_key(base64.urlsafe_b64encode(idp.key.as_pem(private=False)).decode(), {"kid": idp.key.kid})
    idp.sign = lambda claims: idp.signed(claims, algorithm="HS256", key=public)


def _no_token_at_all(idp: IdentityProvider) -> None:
    idp.sign = lambda _claims: "no token"


def _mail_not_verified(idp: IdentityProvider) -> None:
    idp.person["email_verified"] = False


def _mail_verified_by_a_word(idp: IdentityProvider) -> None:
    idp.person["email_verified"] = "false"


def _mail_of_nobody(idp: IdentityProvider) -> None:
    idp.person["email"] = "nobody@example.test"


def _mail_of_the_platforms_administrator(idp: IdentityProvider) -> None:
    idp.person["email"] = "root@example.test"


# What the provider, or somebody in its place, does wrong, and what the security event says of it.
LIES: list[tuple[Callable[[IdentityProvider], None], str]] = [
    (_another_audience, "provider.untrusted"),
    (_several_audiences, "provider.untrusted"),
    (_another_issuer, "provider.untrusted"),
    (_another_nonce, "provider.untrusted"),
    (_no_nonce, "provider.untrusted"),
    (_expired, "provider.untrusted"),
    (_no_expiry, "provider.untrusted"),
    (_of_the_future, "provider.untrusted"),
    (_no_subject, "provider.untrusted"),
    (_not_signed, "provider.untrusted"),
    (_signature_cut_off, "provider.untrusted"),
    (_signed_by_a_stranger, "provider.untrusted"),
    (_signed_by_the_client_secret, "provider.untrusted"),
    (_signed_by_the_public_key, "provider.untrusted"),
    (_no_token_at_all, "provider.untrusted"),
    (_mail_not_verified, "login.unknown"),
    (_mail_verified_by_a_word, "login.unknown"),
    (_mail_of_nobody, "login.unknown"),
    (_mail_of_the_platforms_administrator, "login.unknown"),
]


@pytest.mark.parametrize(("lie", "reason"), LIES, ids=[lie.__name__[1:] for lie, _reason in LIES])
def test_an_answer_that_is_not_right_opens_nothing(
    idp: IdentityProvider, world: Any, run_in: Any, events: Any, lie: Callable[[IdentityProvider], None], reason: str
) -> None:
    change(run_in, "root", email="root@example.test")
    make_global_administrator(run_in)
    before = users(run_in)
    lie(idp)

    client, answer = log_in(world)

    assert (answer.status_code, answer.location) == (302, "/login/")
    assert 'class="flash flash-warning" role="alert"' in shown(client)
    assert not is_logged_in(client)
    assert events("login.refused", "login.succeeded") == [("login.refused", None, reason)]
    assert (identities(run_in), users(run_in)) == ([], before)


def _forged_state(path: str) -> str:
    return re.sub(r"state=[^&]+", "state=guessed", path)


def _no_state(path: str) -> str:
    return re.sub(r"&?state=[^&]+", "", path)


def _another_code(path: str) -> str:
    return re.sub(r"code=[^&]+", "code=guessed", path)


def _no_code(path: str) -> str:
    return re.sub(r"code=[^&]+&?", "", path)


def _refusal(path: str) -> str:
    return re.sub(r"code=[^&]+", "error=access_denied&error_description=%3Cscript%3Ealert(1)%3C/script%3E", path)


def _from_another_provider(path: str) -> str:
    return f"{path}&iss=https://evil.test"  # RFC 9207.


RETURNS = [
    (_forged_state, "provider.state"),
    (_no_state, "provider.state"),
    (_another_code, "provider.untrusted"),
    (_no_code, "provider.refused"),
    (_refusal, "provider.refused"),
    (_from_another_provider, "provider.issuer"),
]


@pytest.mark.parametrize(("bend", "reason"), RETURNS, ids=[bend.__name__[1:] for bend, _reason in RETURNS])
def test_a_bent_way_back_opens_nothing(
    idp: IdentityProvider, world: Any, events: Any, bend: Callable[[str], str], reason: str
) -> None:
    client = world.app.test_client()
    answer = client.get(bend(visit(begin(client))))
    assert (answer.status_code, answer.location) == (302, "/login/")
    assert not is_logged_in(client)
    assert events("login.refused", "login.succeeded") == [("login.refused", None, reason)]
    assert "<script>alert" not in shown(client)


def test_a_way_back_works_once_and_in_the_browser_that_began(idp: IdentityProvider, world: Any, events: Any) -> None:
    client, thief = world.app.test_client(), world.app.test_client()
    back = visit(begin(client))
    thief.get(back)
    assert not is_logged_in(thief)
    with client.session_transaction() as cookie:
        kept = dict(cookie)
    client.get(back)
    assert is_logged_in(client)
    with thief.session_transaction() as cookie:  # Even the cookie of before does not make the code work again.
        cookie.update(kept)
    thief.get(back)
    assert not is_logged_in(thief)
    reasons = [reason for _kind, _user, reason in events("login.refused")]
    assert reasons == ["provider.state", "provider.untrusted"]


def test_a_log_in_begun_long_ago_is_over(idp: IdentityProvider, world: Any) -> None:
    client = world.app.test_client()
    back = visit(begin(client))
    with client.session_transaction() as cookie:
        cookie["oidc"] = {state: {**kept, "at": kept["at"] - 601} for state, kept in cookie["oidc"].items()}
    client.get(back)
    assert not is_logged_in(client)


@pytest.mark.parametrize("wanted", ["https://evil.test/", "//evil.test", "/\\evil.test", "javascript:alert(1)"])
def test_after_the_log_in_one_stays_on_this_site(idp: IdentityProvider, world: Any, wanted: str) -> None:
    _client, answer = log_in(world, f"?next={wanted}")
    assert answer.location == "/"


def test_the_profile_of_somebody_else_is_refused(idp: IdentityProvider, world: Any, run_in: Any) -> None:
    idp.person, idp.userinfo = {"sub": "eve-1"}, {**idp.person}
    assert not is_logged_in(log_in(world)[0])
    assert identities(run_in) == []


@pytest.mark.parametrize(
    "published",
    [
        {"issuer": "https://evil.test"},
        {"token_endpoint": "http://evil.test/token"},
        {"jwks_uri": None},
        {"end_session_endpoint": "javascript:alert(1)"},
    ],
)
def test_a_provider_that_names_unsafe_addresses_is_not_asked(
    idp: IdentityProvider, world: Any, published: dict[str, Any]
) -> None:
    idp.published = published
    assert begin(world.app.test_client()) == "/login/"
