"""Templates of text messages, and the access to the provider (S:REC-22)."""

import string
from collections.abc import Callable
from typing import Any

from addons.reception.models import SmsGateway, SmsTemplate
from addons.reception.queries import LONGEST_SMS
from addons.reception.services.sms_adapters import PLACES, sms_adapters
from app.sdk.database import session, update
from app.sdk.errors import ValidationError
from app.sdk.i18n import _
from app.sdk.masterdata import clean_text, optional_text, required_text
from app.sdk.models import User
from app.sdk.online import check_address

LONGEST_BODY, LONGEST_KEY, LONGEST_TIMEOUT = 2000, 400, 30
_NEEDED = ("phone", "text")


def create_template(*, actor: User, name: str | None, text: str | None) -> SmsTemplate:
    """Keep a text. Raises ValidationError for a blank name or text."""
    template = SmsTemplate()
    update_template(template, actor=actor, name=name, text=text)
    session.add(template)
    session.flush()
    return template


def update_template(template: SmsTemplate, *, actor: User, **values: Any) -> None:
    """Change a text; only what is given changes."""
    if "name" in values:
        template.name = required_text(values["name"], field="name", maximum=60)
    if "text" in values:
        template.text = required_text(values["text"], field="text", maximum=LONGEST_SMS)


def create_gateway(*, actor: User, **values: Any) -> SmsGateway:
    """Set up the access to a provider. Raises ValidationError naming the field that is wrong (R1, R4)."""
    gateway = SmsGateway(adapter="http", timeout_seconds=10, is_on=True)
    needed = {"name": None, "address": None, "body_template": None}
    update_gateway(gateway, actor=actor, **{**needed, **values})
    session.add(gateway)
    session.flush()
    _leave_one_on(gateway)
    return gateway


def update_gateway(gateway: SmsGateway, *, actor: User, **values: Any) -> None:
    """Change the access; only what is given changes, and a blank key stays what it is. One is on at a time."""
    checks: dict[str, Callable[[Any], Any]] = {
        "name": lambda value: required_text(value, field="name", maximum=60),
        "adapter": _adapter,
        "address": lambda value: check_address(required_text(value, field="address", maximum=400), field="address"),
        "body_template": _body,
        "success_mark": lambda value: optional_text(value, field="success_mark", maximum=100),
        "signature": lambda value: optional_text(value, field="signature", maximum=20),
        "timeout_seconds": _timeout,
        "is_on": bool,
    }
    for name, check in checks.items():
        if name in values:
            setattr(gateway, name, check(values[name]))
    if clean_text(values.get("new_key")):
        gateway.key = required_text(values["new_key"], field="new_key", maximum=LONGEST_KEY)
    if gateway.id is not None:
        session.flush()
        _leave_one_on(gateway)


def _leave_one_on(gateway: SmsGateway) -> None:
    if gateway.is_on:
        session.execute(update(SmsGateway).where(SmsGateway.id != gateway.id, SmsGateway.is_on).values(is_on=False))


def _adapter(value: str | None) -> str:
    name = clean_text(value) or "http"
    if name not in sms_adapters():
        known = ", ".join(sms_adapters())
        raise ValidationError("sms.adapter", _("There are these adapters: %(limit)s."), field="adapter", limit=known)
    return name


def _body(value: str | None) -> str:
    text = required_text(value, field="body_template", maximum=LONGEST_BODY)
    named = string.Template(text).get_identifiers() if string.Template(text).is_valid() else []
    if not set(_NEEDED) <= set(named) <= set(PLACES):
        raise ValidationError(
            "sms.body",
            _("The body needs $phone and $text; it may name %(limit)s besides. A dollar sign is written $$."),
            field="body_template",
            limit=", ".join(f"${name}" for name in PLACES if name not in _NEEDED),
        )
    return text


def _timeout(value: int | None) -> int:
    seconds = 10 if value is None else value
    if not 1 <= seconds <= LONGEST_TIMEOUT:
        raise ValidationError(
            "sms.timeout", _("From 1 to %(limit)s seconds."), field="timeout_seconds", limit=LONGEST_TIMEOUT
        )
    return seconds
