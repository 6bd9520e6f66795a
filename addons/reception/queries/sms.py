"""Text messages: how long one is, what it begins with, and what was sent (S:REC-22)."""

import datetime as dt
from typing import Any

from addons.reception.models import SmsGateway, SmsMessage
from addons.reception.queries.front_desk import local_day
from app.sdk.database import func, select, session
from app.sdk.organisation import day_bounds

FIRST_PART, FURTHER_PART = 70, 67  # UTF-16 units in a message alone, and in each of several.
LONGEST_SMS = 500  # With the signature.


def sms_length(text: str) -> int:
    """Return the length as telephones count it: an emoji counts as two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def sms_parts(text: str) -> int:
    """Return how many messages a text is charged as."""
    length = sms_length(text)
    return 1 if length <= FIRST_PART else -(-length // FURTHER_PART)


def active_gateway() -> SmsGateway | None:
    """Return the gateway that is on."""
    found: SmsGateway | None = session.scalars(
        select(SmsGateway).where(SmsGateway.is_on).order_by(SmsGateway.id.desc()).limit(1)
    ).first()
    return found


def sms_signature() -> str:
    """Return what every message begins with: '【掌柜】', or nothing."""
    gateway = active_gateway()
    return f"【{gateway.signature}】" if gateway is not None and gateway.signature else ""


def signature_length() -> int:
    """Return how much of a message the signature takes."""
    return sms_length(sms_signature())


def count_sms_of(sender_id: int, *, now: dt.datetime) -> int:
    """Return how many messages a user has asked for on the company's day of `now`, whatever became of them."""
    first, last = day_bounds(local_day(now))
    statement = select(func.count(SmsMessage.id)).where(
        SmsMessage.sender_id == sender_id, SmsMessage.queued_at.between(first, last)
    )
    return session.scalar(statement) or 0


def list_sms(customer_id: int) -> list[Any]:
    """Return the messages to a customer, newest first."""
    statement = select(SmsMessage).where(SmsMessage.customer_id == customer_id).order_by(SmsMessage.id.desc())
    return list(session.scalars(statement))
