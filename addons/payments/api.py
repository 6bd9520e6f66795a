"""What other add-ons may use."""

from addons.payments.choices import ReceivableKind, ReceivableState
from addons.payments.events import (
    MoneyAllocated,
    MoneyForfeited,
    MoneyRefunded,
    PeriodClosed,
    ReceiptPosted,
    ReceiptVoided,
    ReceivableOpened,
    ReceivableSettled,
)
from addons.payments.models import Receivable
from addons.payments.queries import find_receivables_of, in_capitals, list_open, list_sources, paid_and_due
from addons.payments.services import Claim, cancel_receivable, open_receivable, withdraw_receivable

__all__ = [
    "Claim",
    "MoneyAllocated",
    "MoneyForfeited",
    "MoneyRefunded",
    "PeriodClosed",
    "ReceiptPosted",
    "ReceiptVoided",
    "Receivable",
    "ReceivableKind",
    "ReceivableOpened",
    "ReceivableSettled",
    "ReceivableState",
    "cancel_receivable",
    "find_receivables_of",
    "in_capitals",
    "list_open",
    "list_sources",
    "open_receivable",
    "paid_and_due",
    "withdraw_receivable",
]
