"""Wrong or missing settings of the log-in services stop the start, each with its name."""

from typing import Any

import pytest

import config
from app.errors import ConfigurationError
from app.security.login_services import check_login_settings

PROVIDER = {
    "OIDC_ISSUER": "https://id.example.com",
    "OIDC_CLIENT_ID": "zhanggui",
    "OIDC_CLIENT_SECRET": "x",
    "PUBLIC_URL": "https://office.example.com",
}
DIRECTORY = {
    "LDAP_SERVERS": ["ldaps://dc1.example.com", "ldap://dc2.example.com:389"],
    "LDAP_BASE_DN": "ou=people,dc=example,dc=com",
    "LDAP_BIND_DN": "cn=zhanggui,dc=example,dc=com",
    "LDAP_BIND_PASSWORD": "x",
}
ATTRIBUTES = ["id=objectGUID", "username=sAMAccountName"]


@pytest.mark.parametrize(
    "given",
    [
        {},
        PROVIDER,
        DIRECTORY,
        {**PROVIDER, **DIRECTORY},
        {**PROVIDER, "OIDC_ISSUER": "http://localhost:8090/realms/main", "OIDC_LINK_BY": "none"},
        {**DIRECTORY, "LDAP_GROUP_FILTER": "(&(cn=office)(member={dn}))", "LDAP_ATTRIBUTES": ATTRIBUTES},
    ],
)
def test_good_settings_are_taken(given: dict[str, Any]) -> None:
    check_login_settings(config.settings(**given))


BAD: list[tuple[str, dict[str, Any]]] = [
    ("OIDC_CLIENT_ID", {**PROVIDER, "OIDC_CLIENT_ID": ""}),
    ("OIDC_CLIENT_SECRET", {**PROVIDER, "OIDC_CLIENT_SECRET": ""}),
    ("OIDC_USERNAME_CLAIM", {**PROVIDER, "OIDC_USERNAME_CLAIM": ""}),
    ("OIDC_ISSUER", {**PROVIDER, "OIDC_ISSUER": "http://id.example.com"}),
    ("OIDC_ISSUER", {"OIDC_CLIENT_ID": "zhanggui"}),
    ("OIDC_DISCOVERY_URL", {**PROVIDER, "OIDC_DISCOVERY_URL": "file:///etc/passwd"}),
    ("PUBLIC_URL", {**PROVIDER, "PUBLIC_URL": ""}),
    ("OIDC_SCOPES", {**PROVIDER, "OIDC_SCOPES": ["email"]}),
    ("OIDC_LINK_BY", {**PROVIDER, "OIDC_LINK_BY": "username"}),
    ("OIDC_EMPLOYEE_NUMBER_CLAIM", {**PROVIDER, "OIDC_LINK_BY": "employee_number", "OIDC_EMPLOYEE_NUMBER_CLAIM": ""}),
    ("OIDC_CA_FILE", {**PROVIDER, "OIDC_CA_FILE": "/nowhere.pem"}),
    ("LDAP_SERVERS", {**DIRECTORY, "LDAP_SERVERS": ["dc1.example.com"]}),
    ("LDAP_SERVERS", {**DIRECTORY, "LDAP_SERVERS": ["ldaps://dc1:x"]}),
    ("LDAP_SERVERS", {"LDAP_BIND_DN": "cn=zhanggui,dc=example,dc=com"}),
    ("LDAP_BASE_DN", {**DIRECTORY, "LDAP_BASE_DN": ""}),
    ("LDAP_BASE_DN", {**DIRECTORY, "LDAP_BASE_DN": "example.com"}),
    ("LDAP_BIND_DN", {**DIRECTORY, "LDAP_BIND_DN": ""}),
    ("LDAP_BIND_PASSWORD", {**DIRECTORY, "LDAP_BIND_PASSWORD": ""}),
    ("LDAP_USER_DN", {**DIRECTORY, "LDAP_USER_DN": "uid={username},dc=example,dc=com"}),
    ("LDAP_USER_DN", {**DIRECTORY, "LDAP_BIND_DN": "", "LDAP_USER_DN": "uid=x,dc=example,dc=com"}),
    ("LDAP_USER_FILTER", {**DIRECTORY, "LDAP_USER_FILTER": "(uid=x)"}),
    ("LDAP_USER_FILTER", {**DIRECTORY, "LDAP_USER_FILTER": "(&(uid={username})"}),
    ("LDAP_GROUP_FILTER", {**DIRECTORY, "LDAP_GROUP_FILTER": "memberOf="}),
    ("LDAP_ATTRIBUTES", {**DIRECTORY, "LDAP_ATTRIBUTES": ["name=cn"]}),
    ("LDAP_ATTRIBUTES", {**DIRECTORY, "LDAP_ATTRIBUTES": ["username=uid"]}),
    ("LDAP_ATTRIBUTES", {**DIRECTORY, "LDAP_ATTRIBUTES": ATTRIBUTES, "LDAP_LINK_BY": "email"}),
    ("LDAP_LINK_BY", {**DIRECTORY, "LDAP_LINK_BY": "name"}),
    ("LDAP_CA_FILE", {**DIRECTORY, "LDAP_CA_FILE": __file__}),
    ("LOGIN_SERVICE_TIMEOUT_SECONDS", {"LOGIN_SERVICE_TIMEOUT_SECONDS": 0}),
]


@pytest.mark.parametrize(("name", "given"), BAD, ids=[f"{name}-{place}" for place, (name, _given) in enumerate(BAD)])
def test_bad_ones_are_named(name: str, given: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match=f"^{name}: "):
        check_login_settings(config.settings(**given))


def test_the_app_does_not_start_with_them(tmp_path: Any) -> None:
    from app.factory import create_app

    with pytest.raises(ConfigurationError, match=r"^OIDC_CLIENT_ID: "):
        create_app([], DATA_FOLDER=str(tmp_path), OIDC_ISSUER="https://id.example.com")
