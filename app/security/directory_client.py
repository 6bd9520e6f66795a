"""Asking the company's directory (LDAP) whether a name and a password are right, and what it says of the person.

No transaction of ours is open while a server is asked: on SQLite a slow one would keep everybody from writing.
"""

import logging
import ssl
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import ldap3
from flask import current_app
from ldap3.core import results
from ldap3.core.exceptions import LDAPException, LDAPSASLPrepError
from ldap3.protocol.sasl.sasl import sasl_prep
from ldap3.utils.conv import escape_filter_chars
from ldap3.utils.dn import escape_rdn

from app.database.session import outside_transaction
from app.i18n import _
from app.security.directory import Answer, DirectoryDown, Entry
from app.security.login_services import DN_PLACE, PLACE, attribute_map

log = logging.getLogger(__name__)
_ID_LENGTH = 255  # Characters; what our column takes.
_NAME_LENGTH = 256  # Characters; nobody is called longer than that.
_DOWN = {results.RESULT_OPERATIONS_ERROR, results.RESULT_BUSY, results.RESULT_UNAVAILABLE, results.RESULT_OTHER}
_STRONG_ONES = (results.RESULT_CONFIDENTIALITY_REQUIRED, results.RESULT_STRONGER_AUTH_REQUIRED)


def ask(name: str, password: str) -> Answer:
    """Answer `ask_directory`.

    An empty password is refused here: servers take it for an anonymous log-in and say yes (RFC 4513, 5.1.2).
    """
    if not _can_be_sent(password) or not name or len(name) > _NAME_LENGTH or "\0" in name:
        return Answer(accepted=False)
    with outside_transaction():
        return _first_answer(lambda server: _ask_server(server, name, password))


def _can_be_sent(password: str) -> bool:
    """Tell whether a password is one that a directory may have: without control characters (RFC 4513, 5.1.3)."""
    try:
        return bool(sasl_prep(password))
    except LDAPSASLPrepError:
        return False


def find(name: str) -> Entry | None:
    """Answer `find_in_directory`."""
    with outside_transaction():
        found: Entry | None = _first_answer(lambda server: _search_as_service(server, name))
    return found


def _first_answer(ask: Any) -> Any:
    """Return what the first server answers that is reached."""
    for address in current_app.config["LDAP_SERVERS"]:
        try:
            return ask(address)
        except (LDAPException, OSError, ValueError) as error:  # ValueError: what is no LDAP at all.
            log.warning("directory server %s: %s: %s", address, type(error).__name__, error)
    raise DirectoryDown(
        "directory.down",
        _("The company directory does not answer, so your password cannot be checked. Try again in a few minutes."),
    )


def _ask_server(address: str, name: str, password: str) -> Answer:
    pattern = current_app.config["LDAP_USER_DN"]
    if pattern:
        own_dn = pattern.replace(PLACE, escape_rdn(name))
        with _connection(address, own_dn, password) as own:
            accepted = own is not None
            entry = _read(own, own_dn, name, ldap3.BASE) if own is not None else None
        return Answer(accepted and entry is not None, entry)
    entry = _search_as_service(address, name)
    if entry is None:
        return Answer(accepted=False)
    with _connection(address, entry.dn, password) as own:
        return Answer(own is not None, entry)


def _search_as_service(address: str, name: str) -> Entry | None:
    settings = current_app.config
    if not settings["LDAP_BIND_DN"]:
        return None
    with _connection(address, settings["LDAP_BIND_DN"], settings["LDAP_BIND_PASSWORD"]) as service:
        if service is None:
            raise LDAPException("LDAP_BIND_DN and LDAP_BIND_PASSWORD are refused")
        return _read(service, settings["LDAP_BASE_DN"], name, ldap3.SUBTREE)


@contextmanager
def _connection(address: str, dn: str, password: str) -> Iterator[ldap3.Connection | None]:
    """Connect by TLS and bind; None where the server refuses this name and password."""
    settings, parts = current_app.config, urlsplit(address)
    limit = settings["LOGIN_SERVICE_TIMEOUT_SECONDS"]
    tls = ldap3.Tls(validate=ssl.CERT_REQUIRED, ca_certs_file=settings["LDAP_CA_FILE"] or None, sni=parts.hostname)
    server = ldap3.Server(
        parts.hostname, parts.port, use_ssl=parts.scheme == "ldaps", tls=tls, get_info=ldap3.NONE, connect_timeout=limit
    )
    connection = ldap3.Connection(
        server, dn, password, receive_timeout=limit, read_only=True, auto_referrals=False, check_names=False
    )
    try:
        connection.open()
        if parts.scheme == "ldap" and not settings["LDAP_PLAINTEXT"]:
            connection.start_tls()
        accepted = connection.bind()
        code = connection.result["result"]
        if not accepted and (code in _DOWN or code in _STRONG_ONES):
            raise LDAPException(connection.result["description"])
        yield connection if accepted else None
    finally:
        connection.unbind()
        if connection.socket is not None:  # The library leaves one open that never became a connection.
            connection.socket.close()


def _read(connection: ldap3.Connection, base: str, name: str, scope: str) -> Entry | None:
    """Return the one entry of this name that the filters let in; None where there is none, or several."""
    settings, known = current_app.config, attribute_map(current_app.config["LDAP_ATTRIBUTES"])
    condition, group = _filled(settings["LDAP_USER_FILTER"], name), settings["LDAP_GROUP_FILTER"]
    if group and DN_PLACE not in group:
        condition = f"(&{condition}{_filled(group, name)})"
    entries = _search(connection, base, condition, scope, list(known.values()))
    if len(entries) != 1:
        if entries:
            log.warning("directory: several entries match the name of one user; none is taken")
        return None
    found = _entry(entries[0], known)
    if found is None or DN_PLACE not in group:
        return found
    membership = _filled(group, name).replace(DN_PLACE, escape_filter_chars(found.dn))
    group_base = settings["LDAP_GROUP_BASE_DN"] or settings["LDAP_BASE_DN"]
    return found if _search(connection, group_base, membership, ldap3.SUBTREE, [ldap3.NO_ATTRIBUTES]) else None


def _filled(pattern: str, name: str) -> str:
    return pattern.replace(PLACE, escape_filter_chars(name))


def _search(connection: ldap3.Connection, base: str, condition: str, scope: str, attributes: list[str]) -> list[Any]:
    connection.search(base, condition, scope, attributes=attributes, size_limit=2)
    code = connection.result["result"]
    if code in _DOWN:
        raise LDAPException(connection.result["description"])
    if code not in (results.RESULT_SUCCESS, results.RESULT_SIZE_LIMIT_EXCEEDED):
        log.warning("directory: searching below %s: %s", base, connection.result["description"])
    return [row for row in connection.response or () if row["type"] == "searchResEntry"]


def _entry(row: Any, known: dict[str, str]) -> Entry | None:
    values = {
        ours: _text(theirs, next(iter(row["raw_attributes"].get(theirs) or ()), b"")) for ours, theirs in known.items()
    }
    if not 0 < len(values["id"]) <= _ID_LENGTH or not values["username"]:
        log.error("directory: %s has no %s or no %s", row["dn"], known["id"], known["username"])
        return None
    return Entry(dn=row["dn"], **values)


def _text(attribute: str, value: bytes) -> str:
    """Return a value as text; Active Directory's ids are bytes."""
    if attribute.lower() == "objectguid" and len(value) == 16:
        return str(uuid.UUID(bytes_le=value))
    try:
        text = value.decode().strip()
    except UnicodeDecodeError:
        return value.hex()
    return text if text.isprintable() else value.hex()
