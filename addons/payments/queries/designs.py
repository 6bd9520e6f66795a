"""How receipts look on paper."""

import base64

from addons.payments.models import ReceiptDesign
from app.sdk.database import select, session


def find_design() -> ReceiptDesign | None:
    """Return the design of the company, if it has one."""
    return session.scalar(select(ReceiptDesign).order_by(ReceiptDesign.id).limit(1))


def picture_of(stored: str | None) -> bytes | None:
    """Return a stored picture."""
    return base64.b64decode(stored) if stored else None
