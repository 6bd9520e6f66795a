"""The settings of the identity provider and of the directory: checked at start, each complaint naming its setting."""

import ssl
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from app.errors import ConfigurationError

LINK_BY = ("username", "email", "employee_number", "none")
ATTRIBUTES = ("id", "username", "email", "first_name", "last_name", "employee_number")
PLACE = "{username}"
DN_PLACE = "{dn}"
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


def check_login_settings(settings: Mapping[str, Any]) -> None:
    """Raise ConfigurationError, naming the setting, for one that is wrong, or missing beside those that are set."""
    if settings["LOGIN_SERVICE_TIMEOUT_SECONDS"] < 1:
        raise ConfigurationError("LOGIN_SERVICE_TIMEOUT_SECONDS: is at least 1")
    if settings["OIDC_ISSUER"]:
        _check_provider(settings)
    else:
        _refuse_without(settings, "OIDC_ISSUER", ("OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_DISCOVERY_URL"))
    if settings["LDAP_SERVERS"]:
        _check_directory(settings)
    else:
        _refuse_without(settings, "LDAP_SERVERS", ("LDAP_BASE_DN", "LDAP_BIND_DN", "LDAP_USER_DN"))


def is_safe_address(address: str) -> bool:
    """Tell whether an address is https, or stays within this machine."""
    parts = urlsplit(address)
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _THIS_MACHINE)
    )


def attribute_map(listed: Iterable[str]) -> dict[str, str]:
    """Return what each of ATTRIBUTES is called in the directory. Raises ConfigurationError for an unknown one."""
    found = {}
    for entry in listed:
        ours, equals, theirs = (part.strip() for part in entry.partition("="))
        if ours not in ATTRIBUTES or not equals or not theirs:
            raise ConfigurationError(f"LDAP_ATTRIBUTES: {entry!r} is not one of {', '.join(ATTRIBUTES)} = a name there")
        found[ours] = theirs
    return found


def _refuse_without(settings: Mapping[str, Any], main: str, others: Iterable[str]) -> None:
    for name in others:
        if settings[name]:
            raise ConfigurationError(f"{main}: is needed with {name}")


def _check_provider(settings: Mapping[str, Any]) -> None:
    for name in ("OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_USERNAME_CLAIM"):
        if not settings[name]:
            raise ConfigurationError(f"{name}: is needed with OIDC_ISSUER")
    for name in ("OIDC_ISSUER", "OIDC_DISCOVERY_URL"):
        if settings[name] and not is_safe_address(settings[name]):
            raise ConfigurationError(f"{name}: is an address that begins with https://")
    if urlsplit(settings["PUBLIC_URL"]).scheme not in ("http", "https"):
        raise ConfigurationError("PUBLIC_URL: is needed with OIDC_ISSUER: the provider sends the user back there")
    if "openid" not in settings["OIDC_SCOPES"]:
        raise ConfigurationError("OIDC_SCOPES: must name openid")
    _check_choice(settings, "OIDC_LINK_BY", LINK_BY[1:])
    if settings["OIDC_LINK_BY"] == "employee_number" and not settings["OIDC_EMPLOYEE_NUMBER_CLAIM"]:
        raise ConfigurationError("OIDC_EMPLOYEE_NUMBER_CLAIM: is needed with OIDC_LINK_BY")
    _check_certificates(settings, "OIDC_CA_FILE")


def _check_directory(settings: Mapping[str, Any]) -> None:
    for server in settings["LDAP_SERVERS"]:
        parts = urlsplit(server)
        if parts.scheme not in ("ldap", "ldaps") or not parts.hostname or not _has_good_port(server):
            raise ConfigurationError(f"LDAP_SERVERS: {server!r} is not ldaps://host or ldap://host")
    if not settings["LDAP_BASE_DN"]:
        raise ConfigurationError("LDAP_BASE_DN: is needed with LDAP_SERVERS")
    for name in ("LDAP_BASE_DN", "LDAP_GROUP_BASE_DN"):
        _check_dn(settings, name)
    _check_who_binds(settings)
    _check_filter(settings, "LDAP_USER_FILTER", needs_place=True)
    _check_filter(settings, "LDAP_GROUP_FILTER", needs_place=False)
    known = attribute_map(settings["LDAP_ATTRIBUTES"])
    _check_choice(settings, "LDAP_LINK_BY", LINK_BY)
    wanted = {"id", "username"} | ({settings["LDAP_LINK_BY"]} - {"none"})
    if missing := sorted(wanted - set(known)):
        raise ConfigurationError(f"LDAP_ATTRIBUTES: must say what {missing[0]} is called in the directory")
    _check_certificates(settings, "LDAP_CA_FILE")


def _check_who_binds(settings: Mapping[str, Any]) -> None:
    if settings["LDAP_USER_DN"]:
        if settings["LDAP_BIND_DN"]:
            raise ConfigurationError("LDAP_USER_DN: and LDAP_BIND_DN exclude each other")
        if PLACE not in settings["LDAP_USER_DN"]:
            raise ConfigurationError(f"LDAP_USER_DN: must have {PLACE} in it")
        _check_dn(settings, "LDAP_USER_DN")
        return
    if not settings["LDAP_BIND_DN"]:
        raise ConfigurationError("LDAP_BIND_DN: is needed with LDAP_SERVERS, or else LDAP_USER_DN")
    if not settings["LDAP_BIND_PASSWORD"]:
        raise ConfigurationError("LDAP_BIND_PASSWORD: is needed with LDAP_BIND_DN")


def _check_dn(settings: Mapping[str, Any], name: str) -> None:
    if not settings[name]:
        return
    from ldap3.utils.dn import parse_dn  # noqa: PLC0415  # The library takes memory that few need.

    try:
        parse_dn(settings[name].replace(PLACE, "x"))
    except Exception as error:  # The library raises several kinds.
        raise ConfigurationError(f"{name}: is not a distinguished name: {error}") from error


def _check_filter(settings: Mapping[str, Any], name: str, *, needs_place: bool) -> None:
    text = settings[name]
    if needs_place and PLACE not in text:
        raise ConfigurationError(f"{name}: must have {PLACE} in it")
    if not text:
        return
    from ldap3.core.exceptions import LDAPInvalidFilterError  # noqa: PLC0415  # As above.
    from ldap3.operation.search import parse_filter  # noqa: PLC0415

    try:
        parse_filter(text.replace(PLACE, "x").replace(DN_PLACE, "x"), None, True, True, None, False)  # noqa: FBT003  # The library's order.
    except (LDAPInvalidFilterError, IndexError) as error:
        raise ConfigurationError(f"{name}: is not a filter of LDAP: {error}") from error


def _check_choice(settings: Mapping[str, Any], name: str, known: tuple[str, ...]) -> None:
    if settings[name] not in known:
        raise ConfigurationError(f"{name}: is one of {', '.join(known)}")


def _check_certificates(settings: Mapping[str, Any], name: str) -> None:
    if not settings[name]:
        return
    try:
        ssl.create_default_context(cadata=Path(settings[name]).read_text(encoding="ascii"))
    except (OSError, ValueError) as error:  # SSLError is an OSError.
        raise ConfigurationError(f"{name}: cannot be read as certificates in PEM: {error}") from error


def _has_good_port(address: str) -> bool:
    try:
        return urlsplit(address).port != 0
    except ValueError:
        return False
