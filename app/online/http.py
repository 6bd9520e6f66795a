"""Asking a server on the internet: briefly, without following it elsewhere, and never a machine of the own network."""

import ipaddress
import logging
import socket
import ssl
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from flask import current_app

from app.errors import ValidationError
from app.i18n import _, message_key
from app.online.feature import OnlineFailed, OnlineRefused

if TYPE_CHECKING:
    import urllib3

log = logging.getLogger(__name__)
LONGEST_ADDRESS = 300
_MOST_BYTES = 65_536  # Of an answer; none that we ask for is longer.
_LATER = frozenset({408, 425, 429})  # Client errors that pass.


def check_address(address: str, *, field: str) -> str:
    """Return the address of a server as it is kept. Raises ValidationError naming the field for one that is none."""
    text = address.strip()
    parts = _split(text)
    if parts is None or len(text) > LONGEST_ADDRESS or not text.isascii() or any(each.isspace() for each in text):
        raise ValidationError(
            "online.address",
            _("An address such as https://sms.example.com/send, at most %(limit)s characters."),
            field=field,
            limit=LONGEST_ADDRESS,
        )
    return text


def post(address: str, body: bytes, headers: Mapping[str, str], *, timeout: int) -> str:
    """Send a body and return what the server answers; `timeout` in seconds, for connecting and for the whole answer.

    Raises OnlineFailed where it cannot be reached, takes too long or is out of order; OnlineRefused where it says no.
    """
    import urllib3  # noqa: PLC0415  # 2 MB, paid by the first process that asks a server.

    parts = _split(address)
    if parts is None or parts.hostname is None:
        raise OnlineRefused(message_key(_("The address is none.")))
    pool = _pool(parts, _resolved(parts))
    try:
        answer = pool.urlopen(
            "POST",
            f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}",
            body=body,
            headers={**headers, "Host": parts.netloc},
            timeout=urllib3.Timeout(connect=timeout, read=timeout),
            retries=False,
            redirect=False,
            preload_content=False,
        )
        try:
            content = _read(answer, until=time.monotonic() + timeout)
        finally:
            answer.close()
    except (urllib3.exceptions.TimeoutError, TimeoutError) as error:
        raise OnlineFailed(message_key(_("The server did not answer in time."))) from error
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise OnlineFailed(message_key(_("The server could not be reached."))) from error
    finally:
        pool.close()
    if answer.status >= 500 or answer.status in _LATER:
        log.warning("%s answered %s", parts.hostname, answer.status)
        raise OnlineFailed(message_key(_("The server is out of order or busy.")))
    if not 200 <= answer.status < 300:
        log.warning("%s answered %s", parts.hostname, answer.status)
        raise OnlineRefused(message_key(_("The server refused the request.")))
    return content.decode("utf-8", "replace")


def _read(answer: "urllib3.BaseHTTPResponse", *, until: float) -> bytes:
    """Read piece by piece, so that a server that drips keeps nobody. Raises TimeoutError."""
    content = b""
    while len(content) < _MOST_BYTES and (piece := answer.read1(_MOST_BYTES - len(content))):
        content += piece
        if time.monotonic() > until:
            raise TimeoutError("the whole answer")
    return content


def _split(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        _port = parts.port
    except ValueError:
        return None
    is_good = parts.scheme in ("https", "http") and parts.hostname and parts.username is None
    return parts if is_good else None


def _resolved(parts: SplitResult) -> str:
    """Return the network address to connect to: looked up once, so that it cannot be another one afterwards."""
    host = parts.hostname or ""
    try:
        found = socket.getaddrinfo(host, parts.port or 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise OnlineFailed(message_key(_("The name of the server is not known."))) from error
    addresses = [str(one[4][0]) for one in found]
    trusted = host in current_app.config["ONLINE_HOSTS"]
    if not trusted and not all(ipaddress.ip_address(one.partition("%")[0]).is_global for one in addresses):
        raise OnlineRefused(
            message_key(_("This server lies in the own network; the setting ONLINE_HOSTS does not name it."))
        )
    if not trusted and parts.scheme != "https":
        raise OnlineRefused(message_key(_("The address must begin with https.")))
    return addresses[0]


def _pool(parts: SplitResult, address: str) -> "urllib3.HTTPConnectionPool":
    import urllib3  # noqa: PLC0415  # As above.

    if parts.scheme == "http":
        return urllib3.HTTPConnectionPool(address, parts.port or 80, maxsize=1)
    return urllib3.HTTPSConnectionPool(
        address,
        parts.port or 443,
        maxsize=1,
        ssl_context=ssl.create_default_context(),
        server_hostname=parts.hostname,
        assert_hostname=parts.hostname,
    )
