"""What other add-ons may use."""

from addons.payments.choices import InvoiceState, ReceivableKind, ReceivableState
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
from addons.payments.models import Allocation, Invoice, Method, Receipt, Receivable
from addons.payments.queries import (
    find_receivables_of,
    in_capitals,
    invoiced_for,
    invoiced_of,
    list_open,
    list_sources,
    paid_and_due,
)
from addons.payments.services import (
    Claim,
    cancel_receivable,
    create_invoice,
    lower_due,
    open_receivable,
    pay_back,
    rebase_deposits,
    withdraw_receivable,
)

__all__ = [
    "Allocation",
    "Claim",
    "Invoice",
    "InvoiceState",
    "Method",
    "MoneyAllocated",
    "MoneyForfeited",
    "MoneyRefunded",
    "PeriodClosed",
    "Receipt",
    "ReceiptPosted",
    "ReceiptVoided",
    "Receivable",
    "ReceivableKind",
    "ReceivableOpened",
    "ReceivableSettled",
    "ReceivableState",
    "cancel_receivable",
    "create_invoice",
    "find_receivables_of",
    "in_capitals",
    "invoiced_for",
    "invoiced_of",
    "list_open",
    "list_sources",
    "lower_due",
    "open_receivable",
    "paid_and_due",
    "pay_back",
    "rebase_deposits",
    "withdraw_receivable",
]
