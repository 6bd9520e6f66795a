"""How text messages leave: adapters by name. The one that comes along asks any provider that takes an HTTP POST."""

import hashlib
import hmac
import json
import string
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote_plus

from app.sdk.errors import ConfigurationError
from app.sdk.i18n import _, message_key
from app.sdk.online import OnlineRefused, post

PLACES = ("phone", "text", "key", "reference", "timestamp", "sign")


@dataclass(frozen=True)
class SmsRequest:
    """One message and the access to the provider, as an adapter gets them: read beforehand, no database is at hand."""

    adapter: str
    address: str
    key: str
    body_template: str
    success_mark: str
    timeout_seconds: int
    phone: str
    text: str
    reference: str


SmsAdapter = Callable[[SmsRequest], None]
_adapters: dict[str, SmsAdapter] = {}


def register_sms_adapter(name: str, adapter: SmsAdapter) -> None:
    """Offer another way to send. It raises OnlineFailed to be asked again later, OnlineRefused for good.

    Raises ConfigurationError for a name that is taken.
    """
    if _adapters.get(name, adapter) is not adapter:
        raise ConfigurationError(f"sms adapter {name}: registered twice")
    _adapters[name] = adapter


def sms_adapters() -> list[str]:
    """Return the names of all adapters."""
    return sorted(_adapters)


def deliver(request: SmsRequest) -> None:
    """Hand a message to its adapter. Raises as that does."""
    adapter = _adapters.get(request.adapter)
    if adapter is None:
        raise OnlineRefused(message_key(_("The adapter of the gateway is not installed.")))
    adapter(request)


def send_by_http(request: SmsRequest) -> None:
    """Post the body that the template makes; without the mark of success in its answer the provider has refused.

    A template that begins with a brace is JSON, any other a form; values are escaped accordingly. `$sign` is the
    HMAC-SHA256 of phone, text and `$timestamp` (seconds), by the key, in hexadecimal.
    """
    is_json = request.body_template.lstrip().startswith("{")
    body = string.Template(request.body_template).safe_substitute(
        {name: (_in_json if is_json else quote_plus)(value) for name, value in _values(request).items()}
    )
    kind = "application/json" if is_json else "application/x-www-form-urlencoded"
    headers = {"Content-Type": f"{kind}; charset=utf-8", "Idempotency-Key": request.reference}
    answer = post(request.address, body.encode(), headers, timeout=request.timeout_seconds)
    if request.success_mark and request.success_mark not in answer:
        raise OnlineRefused(message_key(_("The answer of the gateway lacks the mark of success.")))


def _values(request: SmsRequest) -> dict[str, str]:
    timestamp = str(int(time.time()))
    signed = f"{request.phone}{request.text}{timestamp}".encode()
    sign = hmac.new(request.key.encode(), signed, hashlib.sha256).hexdigest()
    made = (request.phone, request.text, request.key, request.reference, timestamp, sign)
    return dict(zip(PLACES, made, strict=True))


def _in_json(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)[1:-1]


register_sms_adapter("http", send_by_http)
