"""Text messages to customers: asked for on the customer's page, sent as soon as there is a line (S:REC-22)."""

import datetime as dt
from typing import Annotated, Any

from addons.reception.models import Customer, SmsMessage, SmsTemplate
from addons.reception.parameters import SMS_DAILY
from addons.reception.queries import (
    FIRST_PART,
    FURTHER_PART,
    LONGEST_SMS,
    active_gateway,
    count_sms_of,
    local_day,
    signature_length,
    sms_length,
    sms_parts,
    sms_signature,
)
from addons.reception.services.sms_adapters import SmsRequest, deliver
from addons.reception.workflow import CUSTOMER_WORKFLOW, SMS_WORKFLOW
from app.sdk.database import select, session, utc_now
from app.sdk.errors import Conflict, ValidationError
from app.sdk.i18n import _, message_key
from app.sdk.masterdata import clean_text, text_refusal
from app.sdk.models import Employee, User
from app.sdk.online import OnlineFeature, ask_online
from app.sdk.organisation import employee_of
from app.sdk.workflow import MaxLength, TextParts

FEATURE = "sms"
SmsText = Annotated[str, MaxLength(LONGEST_SMS), TextParts(FIRST_PART, FURTHER_PART, signature_length)]


@CUSTOMER_WORKFLOW.transition("send_sms")
def send_sms(
    customer: Customer,
    *,
    actor: User,
    now: dt.datetime,
    text: SmsText | None = None,
    template: SmsTemplate | None = None,
) -> None:
    """Write a message down and have it sent after the commit; without a text of its own it is that of the template.

    Raises ValidationError for an empty or too long text, Conflict for whom has had his messages of the day; then
    nothing is written (R1, R2, R4).
    """
    employee = employee_of(actor.id)
    _check_daily(actor, employee, now)
    words = _worded(text, template, customer, employee)
    point = customer.text_point
    message = SmsMessage(
        customer_id=customer.id,
        phone=point.value if point is not None else None,
        text=words,
        length=sms_length(words),
        parts=sms_parts(words),
        sender_id=actor.id,
        queued_at=now,
        owner_id=employee.id if employee is not None else customer.owner_id,
        org_unit_id=customer.org_unit_id,
    )
    session.add(message)
    session.flush()
    ask_online(FEATURE, message.id, actor=actor, now=now)


@SMS_WORKFLOW.transition("send")
def mark_sent(message: SmsMessage, *, actor: User | None, now: dt.datetime) -> None:
    """Note that the provider took it."""
    message.sent_at = now


@SMS_WORKFLOW.transition("fail")
def mark_failed(message: SmsMessage, *, actor: User | None, reason: str) -> None:
    """Note why it was given up."""
    message.failed_because = reason[:300]


def _check_daily(actor: User, employee: Employee | None, now: dt.datetime) -> None:
    if employee is not None:  # Of two messages at once the second waits here, and counts the first.
        session.scalar(select(Employee.id).where(Employee.id == employee.id).with_for_update())
    limit = SMS_DAILY.value(local_day(now))
    if count_sms_of(actor.id, now=now) >= limit:
        raise Conflict("sms.daily", _("You have sent your %(limit)s messages of today."), limit=limit)


def _worded(text: str | None, template: SmsTemplate | None, customer: Customer, employee: Employee | None) -> str:
    chosen = clean_text(text) or (template.text if template is not None else None)
    if not chosen:
        raise ValidationError("sms.empty", _("Write the message, or choose a template."), field="text")
    filled = chosen.replace("{name}", customer.name).replace("{consultant}", employee.name if employee else "")
    words = f"{sms_signature()}{filled}"
    if sms_length(words) > LONGEST_SMS:
        raise ValidationError(
            "sms.long",
            _("At most %(limit)s characters with the signature; these are %(length)s."),
            field="text",
            limit=LONGEST_SMS,
            length=sms_length(words),
        )
    return words


def _prepare(message_id: int) -> SmsRequest | None:
    """Return what to send; None for a message that is gone, or whose number has opted out meanwhile."""
    message, gateway = session.get(SmsMessage, message_id), active_gateway()
    if message is None or message.phone is None or gateway is None:
        return None
    refusal = text_refusal(message.customer.partner, message.customer.text_point, now=utc_now())
    if refusal is not None:
        mark_failed(message, actor=None, reason=message_key(refusal))
        return None
    return SmsRequest(
        adapter=gateway.adapter,
        address=gateway.address,
        key=gateway.key or "",
        body_template=gateway.body_template,
        success_mark=gateway.success_mark or "",
        timeout_seconds=gateway.timeout_seconds,
        phone=message.phone,
        text=message.text,
        reference=f"{message.company_id}-{message.id}",
    )


def _finish(message_id: int, _answer: Any, error: str) -> None:
    message = session.get(SmsMessage, message_id)
    if message is None:
        return
    if error:
        mark_failed(message, actor=None, reason=error)
    else:
        mark_sent(message, actor=None, now=utc_now())


def _is_ready() -> bool:
    return active_gateway() is not None


SMS = OnlineFeature(
    FEATURE,
    _("Text messages to customers"),
    _("An SMS provider with an HTTP interface, set up under Reception / SMS gateways"),
    prepare=_prepare,
    call=deliver,
    finish=_finish,
    is_ready=_is_ready,
)
